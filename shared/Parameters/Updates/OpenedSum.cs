using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>The aggregate: the opened sum of a round's updates. Only sums are in it, never one participant's values. Immutable.</summary>
/// <param name="Participants">k, how many updates were summed.</param>
/// <param name="Values">Σ wᵢ·xᵢ with wᵢ = min(nᵢ, cap)/cap, in the model's own units; exact integers times the unit.</param>
/// <param name="Counts">Sums of the counts, by name.</param>
/// <param name="WeightCap">cap, which turns the count "weight" into Σ wᵢ.</param>
public sealed record OpenedSum(int Participants, ImmutableArray<double> Values, ImmutableSortedDictionary<string, long> Counts, int WeightCap)
{
    /// <summary>Reads the digits of a sum.</summary>
    /// <param name="ring">The round's ring.</param>
    /// <param name="plan">The meaning of value digits.</param>
    /// <param name="participants">k; 1 to the ring's MaxParticipants.</param>
    /// <param name="digits">The sum's digits, as a protection revealed them.</param>
    /// <exception cref="ArgumentException">k is outside its range, or plan and ring differ in value bits.</exception>
    /// <exception cref="NotSupportedException">More values than one array holds.</exception>
    /// <exception cref="InvalidDataException">A digit exceeds k·(2^b - 1), or a count k·(2^48 - 1): this is no sum of k updates.</exception>
    public static OpenedSum Decode(UpdateRing ring, UpdatePlan plan, int participants, IDigitSource digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(participants, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(participants, ring.MaxParticipants);
        var code = new FixedPoint(plan);
        if (code.ValueBits != ring.ValueBits) throw new ArgumentException("The plan and the ring have different value bits.", nameof(plan));
        if (ring.Layout.Values > TensorLayout.LargestArray)
            throw new NotSupportedException($"A sum of {ring.Layout.Values:N0} values exceeds the {TensorLayout.LargestArray:N0} that one array holds.");

        var values = new double[ring.Layout.Values];
        var chunk = new ulong[UpdateRing.ChunkDigits];
        for (var at = 0; at < values.Length; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, Math.Min(chunk.Length, values.Length - at));
            Read(digits, part, ring, participants);
            for (var i = 0; i < part.Length; i++) values[at + i] = ((long)part[i] - participants * code.Offset) * code.Unit;
        }
        return new OpenedSum(participants, ImmutableCollectionsMarshal.AsImmutableArray(values), Totals(ring, participants, digits), plan.WeightCap);
    }

    /// <summary>The sum of count <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">The updates carried no such count.</exception>
    public long Count(string name) => Counts.TryGetValue(name, out var count) ? count : throw new ArgumentException($"The updates carried no count '{name}'.", nameof(name));

    private static ImmutableSortedDictionary<string, long> Totals(UpdateRing ring, int participants, IDigitSource digits)
    {
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        Span<ulong> places = stackalloc ulong[UpdateLayout.DigitsPerCount(ring.ValueBits)];
        foreach (var name in ring.Layout.Counts)
        {
            Read(digits, places, ring, participants);
            var total = UInt128.Zero;
            for (var place = 0; place < places.Length; place++) total += (UInt128)places[place] << (place * ring.ValueBits);
            if (total > (ulong)participants * (UInt128)UpdateLayout.LargestCount)
                throw new InvalidDataException($"Count '{name}' is larger than {participants} updates can make it: an update was not encoded by the rules.");
            counts[name] = (long)total;
        }
        return counts.ToImmutable();
    }

    private static void Read(IDigitSource digits, Span<ulong> to, UpdateRing ring, int participants)
    {
        digits.Next(to);
        var largest = (ulong)participants * ((1UL << ring.ValueBits) - 1);
        foreach (var digit in to)
            if (digit > largest) throw new InvalidDataException($"A digit of the sum is larger than {participants} updates can make it: the opening or a blob is wrong.");
    }
}
