using System.Collections.Immutable;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>The counts of one update as digits: the end of a training update, the whole of an evaluation.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class CountDigits : IDigitSource
{
    private readonly UpdateRing _ring;
    private readonly Func<string, long> _count;
    private readonly int _perCount;
    private long _position;

    /// <summary>The digits of an update that carries counts only.</summary>
    /// <param name="ring">Its layout has no values.</param>
    /// <param name="counts">Exactly the layout's counts, each 0 to 2^48 - 1.</param>
    /// <exception cref="ArgumentException">The layout has values; a count is missing, unknown or out of range.</exception>
    public CountDigits(UpdateRing ring, ImmutableSortedDictionary<string, long> counts) : this(ring, name => counts[name])
    {
        if (ring.Layout.Values != 0) throw new ArgumentException("The layout has values: an update encoder gives those.", nameof(ring));
        Check(ring.Layout, counts, filledElsewhere: []);
    }

    internal CountDigits(UpdateRing ring, Func<string, long> count) =>
        (_ring, _count, _perCount) = (ring, count, UpdateLayout.DigitsPerCount(ring.ValueBits));

    /// <inheritdoc/>
    public void Next(Span<ulong> digits)
    {
        foreach (ref var digit in digits)
        {
            if (_position == _ring.Digits - _ring.Layout.Values) throw new InvalidOperationException("The update has no more digits.");
            var (count, place) = Math.DivRem(_position++, _perCount);
            var value = Math.Min(_count(_ring.Layout.Counts[(int)count]), UpdateLayout.LargestCount);
            digit = ((ulong)value >> ((int)place * _ring.ValueBits)) & ((1UL << _ring.ValueBits) - 1);
        }
    }

    internal static void Check(UpdateLayout layout, ImmutableSortedDictionary<string, long> counts, ReadOnlySpan<string> filledElsewhere)
    {
        foreach (var name in layout.Counts)
            if (!filledElsewhere.Contains(name) && !counts.ContainsKey(name)) throw new ArgumentException($"Count '{name}' is missing.", nameof(counts));
        foreach (var (name, value) in counts)
        {
            if (!layout.Counts.Contains(name)) throw new ArgumentException($"The update has no count '{name}'.", nameof(counts));
            if (filledElsewhere.Contains(name)) throw new ArgumentException($"Count '{name}' is filled by the encoder.", nameof(counts));
            if (value is < 0 or > UpdateLayout.LargestCount) throw new ArgumentException($"Count '{name}' is not within 0 to 2^48 - 1.", nameof(counts));
        }
    }
}
