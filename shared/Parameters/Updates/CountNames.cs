namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>The counts that updates of this house carry. All are non-negative integers below 2^48, and only their sums are read.</summary>
public static class CountNames
{
    /// <summary>min(training rows, WeightCap): what the update's values are weighted by. The encoder fills it.</summary>
    public const string Weight = "weight";

    /// <summary>How many values saturated. The encoder fills it.</summary>
    public const string Saturated = "saturated";

    /// <summary>Test rows evaluated.</summary>
    public const string TestRows = "test.rows";

    /// <summary>Test rows classified rightly.</summary>
    public const string TestCorrect = "test.correct";

    /// <summary>Sum of the loss over the test rows, in units of 2^-20, rounded: see <see cref="LossUnits"/>.</summary>
    public const string TestLoss = "test.loss";

    /// <summary>FedNova: min(training rows, WeightCap) times the optimizer steps taken.</summary>
    public const string WeightedSteps = "weighted-steps";

    /// <summary>Ditto: test rows that the site's personal model classifies rightly.</summary>
    public const string PersonalCorrect = "personal.correct";

    /// <summary>Units of <see cref="TestLoss"/> in a loss of 1.</summary>
    public const double LossUnits = 1 << 20;

    /// <summary>A summed loss as a count: rounded to the nearest unit; what is not finite or too large becomes the largest count.</summary>
    public static long OfLoss(double summed) =>
        summed >= 0 && summed * LossUnits < UpdateLayout.LargestCount ? (long)Math.Round(summed * LossUnits) : UpdateLayout.LargestCount;
}
