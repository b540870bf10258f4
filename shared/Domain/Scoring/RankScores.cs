namespace DeepSeek.Federated.Domain.Scoring;

/// <summary>How well scores rank positives above negatives, exactly. O(n log n). Thread-safe.</summary>
public static class RankScores
{
    /// <summary>Area under the ROC curve: the chance that a positive stands above a negative, a tie counting half. Null when either is absent.</summary>
    /// <param name="scores">Higher means more likely positive; none is NaN; shape [n].</param>
    /// <param name="labels">Positive when above 0; shape [n].</param>
    /// <exception cref="ArgumentException">Shapes differ, or a score is NaN.</exception>
    /// <remarks>Hanley and McNeil, Radiology 143(1), 1982.</remarks>
    public static double? Auc(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        var (above, positives, negatives) = (0.0, 0L, 0L);
        foreach (var (p, n) in Groups(scores, labels))
        {
            // From the highest down: a negative here stands below every positive so far.
            above += (double)n * positives + 0.5 * n * p;
            (positives, negatives) = (positives + p, negatives + n);
        }
        var pairs = (double)positives * negatives;
        return pairs > 0 ? above / pairs : null;
    }

    /// <summary>Average precision, Σ (Rₖ - Rₖ₋₁)·Pₖ over the different scores from the highest down, not interpolated. Null without a positive.</summary>
    /// <param name="scores">Higher means more likely positive; none is NaN; shape [n].</param>
    /// <param name="labels">Positive when above 0; shape [n].</param>
    /// <exception cref="ArgumentException">Shapes differ, or a score is NaN.</exception>
    /// <remarks>As scikit-learn's average_precision_score, with which the Fraud Detection Handbook scores.</remarks>
    public static double? AveragePrecision(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        var (sum, positives, rows) = (0.0, 0L, 0L);
        foreach (var (p, n) in Groups(scores, labels))
        {
            (positives, rows) = (positives + p, rows + p + n);
            sum += p * ((double)positives / rows);
        }
        return positives > 0 ? sum / positives : null;
    }

    /// <summary>Positives and negatives of each different score, from the highest down.</summary>
    private static List<(long Positives, long Negatives)> Groups(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        if (scores.Length != labels.Length) throw new ArgumentException($"{scores.Length} scores and {labels.Length} labels.", nameof(labels));
        var (sorted, marks) = (scores.ToArray(), labels.ToArray());
        Array.Sort(sorted, marks);
        if (sorted.Length > 0 && float.IsNaN(sorted[0])) throw new ArgumentException("A score is NaN.", nameof(scores));   // sorts below every number
        var groups = new List<(long, long)>();
        for (var at = sorted.Length - 1; at >= 0;)
        {
            var (score, positives, negatives) = (sorted[at], 0L, 0L);
            for (; at >= 0 && sorted[at] == score; at--)
            {
                if (marks[at] > 0) positives++;
                else negatives++;
            }
            groups.Add((positives, negatives));
        }
        return groups;
    }
}
