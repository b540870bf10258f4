using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>The meaning of a value digit: digit d of one update stands for (d - 2^(b-1))·Unit. Offset binary, so that digits are never negative.</summary>
public sealed record FixedPoint
{
    private readonly int _weightCap;

    /// <summary>The code of <paramref name="plan"/>.</summary>
    /// <exception cref="ArgumentException">Value bits outside 8 to 32, a range that is not finite and above 0, or so small that its unit vanishes; a cap below 1.</exception>
    public FixedPoint(UpdatePlan plan)
    {
        if (plan.ValueBits is < 8 or > 32) throw new ArgumentException($"Value bits are 8 to 32, not {plan.ValueBits}.", nameof(plan));
        if (plan.WeightCap < 1) throw new ArgumentException($"The weight cap is at least 1, not {plan.WeightCap}.", nameof(plan));
        (ValueBits, _weightCap) = (plan.ValueBits, plan.WeightCap);
        Unit = plan.Range / (1L << (plan.ValueBits - 1));
        if (!double.IsNormal(Unit) || Unit < 0) throw new ArgumentException($"A range of ±{plan.Range} cannot be divided into units.", nameof(plan));
    }

    /// <summary>b.</summary>
    public int ValueBits { get; }

    /// <summary>R·2^(1-b), in the model's own units.</summary>
    public double Unit { get; }

    /// <summary>The digit of value 0: 2^(b-1).</summary>
    public long Offset => 1L << (ValueBits - 1);

    /// <summary>The largest digit: 2^b - 1.</summary>
    public long Largest => (1L << ValueBits) - 1;

    /// <summary>⌈w·2^(b-1)⌉ with w = weight/cap: how far a digit of an update of this weight may lie from <see cref="Offset"/>.</summary>
    /// <param name="weight">1 to the plan's cap.</param>
    /// <remarks>Rounded up, so that rounding a value within ±R stays unbiased however small the weight.</remarks>
    public long ReachOf(long weight) => (weight * Offset + _weightCap - 1) / _weightCap;
}
