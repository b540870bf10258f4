using System.Collections.Immutable;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>What an update vector is made of: value digits, then named counts, each split into digits. Immutable.</summary>
/// <remarks>A count is written little-endian in ⌈48/b⌉ digits of b value bits, without offset: digit j carries bits j·b to (j+1)·b - 1.</remarks>
public sealed class UpdateLayout : IEquatable<UpdateLayout>
{
    /// <summary>Bits of a count.</summary>
    public const int CountBits = 48;

    /// <summary>Largest count: 2^48 - 1.</summary>
    public const long LargestCount = (1L << CountBits) - 1;

    /// <summary>Lays out <paramref name="values"/> values and then <paramref name="counts"/>, in the order given.</summary>
    /// <param name="values">Number of values; 0 for an update that carries counts only (an evaluation).</param>
    /// <param name="counts">Names, all different; see <see cref="CountNames"/>.</param>
    /// <exception cref="ArgumentException">A negative number, nothing at all, or a name that is empty or stands twice.</exception>
    public UpdateLayout(long values, ImmutableArray<string> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(values);
        if (values == 0 && counts.IsEmpty) throw new ArgumentException("An update carries at least one value or count.", nameof(counts));
        if (counts.Any(string.IsNullOrWhiteSpace) || counts.Distinct(StringComparer.Ordinal).Count() != counts.Length)
            throw new ArgumentException("Counts have names, all different.", nameof(counts));
        (Values, Counts) = (values, counts);
    }

    /// <summary>Number of value digits.</summary>
    public long Values { get; }

    /// <summary>Names of the counts, in order.</summary>
    public ImmutableArray<string> Counts { get; }

    /// <summary>⌈48/b⌉.</summary>
    public static int DigitsPerCount(int valueBits) => (CountBits + valueBits - 1) / valueBits;

    /// <summary>Number of digits of the whole vector when a digit carries <paramref name="valueBits"/> bits.</summary>
    public long Digits(int valueBits) => checked(Values + (long)Counts.Length * DigitsPerCount(valueBits));

    /// <inheritdoc/>
    public bool Equals(UpdateLayout? other) => other is not null && other.Values == Values && other.Counts.SequenceEqual(Counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UpdateLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Values, Counts.Length);
}
