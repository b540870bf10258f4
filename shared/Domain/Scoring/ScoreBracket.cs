namespace DeepSeek.Federated.Domain.Scoring;

/// <summary>A score that is known from sums only, and between what it surely lies.</summary>
/// <param name="Value">The best estimate, within the bounds.</param>
/// <param name="Low">It is not lower.</param>
/// <param name="High">It is not higher.</param>
public readonly record struct ScoreBracket(double Value, double Low, double High)
{
    /// <summary>Of the mean of several: means of values and of bounds.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ScoreBracket Mean(IReadOnlyCollection<ScoreBracket> scores) => scores.Count == 0
        ? throw new ArgumentException("A mean needs at least one score.", nameof(scores))
        : new(scores.Average(s => s.Value), scores.Average(s => s.Low), scores.Average(s => s.High));
}
