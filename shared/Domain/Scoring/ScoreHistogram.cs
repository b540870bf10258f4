using System.Collections.Immutable;

namespace DeepSeek.Federated.Domain.Scoring;

/// <summary>
/// How many positives and negatives have a probability in each bin: counts that add over sites, from which AUC and average precision follow where
/// only sums may be seen. Bins are equal in the logit, ln(p/(1-p)), 1/64 wide from -16 to 16: rare events crowd near probability 0.
/// </summary>
/// <param name="Positives">Counts by bin, from the lowest; shape [<see cref="Bins"/>].</param>
/// <param name="Negatives">Likewise.</param>
public sealed record ScoreHistogram(ImmutableArray<long> Positives, ImmutableArray<long> Negatives)
{
    /// <summary>Number of bins. Values beyond the ends are in the first and the last.</summary>
    public const int Bins = 2048;

    private const double Reach = 16, Width = 2 * Reach / Bins;

    /// <summary>No rows.</summary>
    public static ScoreHistogram Empty { get; } = new([.. new long[Bins]], [.. new long[Bins]]);

    /// <summary>Counts rows.</summary>
    /// <param name="probabilities">In [0, 1]; shape [n].</param>
    /// <param name="labels">Positive when above 0; shape [n].</param>
    /// <exception cref="ArgumentException">Shapes differ, or a probability is none.</exception>
    public static ScoreHistogram Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels)
    {
        if (probabilities.Length != labels.Length) throw new ArgumentException($"{probabilities.Length} probabilities and {labels.Length} labels.", nameof(labels));
        var (positives, negatives) = (new long[Bins], new long[Bins]);
        for (var i = 0; i < labels.Length; i++) (labels[i] > 0 ? positives : negatives)[Bin(probabilities[i])]++;
        return new([.. positives], [.. negatives]);
    }

    /// <summary>The bin of a probability, 0 to <see cref="Bins"/> - 1.</summary>
    /// <exception cref="ArgumentException">Not in [0, 1].</exception>
    public static int Bin(float probability)
    {
        if (!(probability >= 0 && probability <= 1)) throw new ArgumentException("A score must be a probability, from 0 to 1.", nameof(probability));
        var logit = Math.Log(probability / (1.0 - probability));
        return (int)Math.Clamp(Math.Floor((logit + Reach) / Width), 0, Bins - 1);
    }

    /// <summary>The sum over two sites.</summary>
    public ScoreHistogram Plus(ScoreHistogram other) => new(
        [.. Positives.Zip(other.Positives, (a, b) => a + b)], [.. Negatives.Zip(other.Negatives, (a, b) => a + b)]);

    /// <summary>Area under the ROC curve. Pairs within a bin count half: at most ½·Σᵦ pᵦ·nᵦ/(P·N) from the truth. Null when positives or negatives are absent.</summary>
    public ScoreBracket? Auc()
    {
        var (above, tied, positives, negatives) = (0.0, 0.0, 0L, 0L);
        for (var b = Bins - 1; b >= 0; b--)
        {
            above += (double)Negatives[b] * positives;
            tied += (double)Negatives[b] * Positives[b];
            (positives, negatives) = (positives + Positives[b], negatives + Negatives[b]);
        }
        var pairs = (double)positives * negatives;
        return pairs > 0 ? new ScoreBracket((above + tied / 2) / pairs, above / pairs, (above + tied) / pairs) : null;
    }

    /// <summary>
    /// Average precision. The i-th positive of a bin has at least all the bin's negatives above it and the i - 1 before it, and at most none and all of
    /// the bin's positives: these are the bounds; the value spreads the bin's negatives evenly. Null without a positive. O(positives + bins).
    /// </summary>
    public ScoreBracket? AveragePrecision()
    {
        var (value, low, high, positives, negatives) = (0.0, 0.0, 0.0, 0L, 0L);
        for (var b = Bins - 1; b >= 0; b--)
        {
            var (p, n) = (Positives[b], Negatives[b]);
            for (var i = 1L; i <= p; i++)
            {
                double hits = positives + i;
                value += hits / (hits + negatives + n * (i - 0.5) / p);
                low += hits / (hits + negatives + n);
            }
            if (p > 0) high += p * ((double)(positives + p) / (positives + p + negatives));
            (positives, negatives) = (positives + p, negatives + n);
        }
        return positives > 0 ? new ScoreBracket(value / positives, low / positives, high / positives) : null;
    }
}
