using System.Collections.Immutable;
using CsCheck;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Tests.Updates;

public sealed class An_opened_sum
{
    [Fact]
    public void adds_counts_of_up_to_48_bits_exactly() =>
        Gen.Select(Gen.Int[8, 32], Gen.Long[0, UpdateLayout.LargestCount].Array[1, 50]).Sample((bits, counts) =>
        {
            var ring = Sample.Ring(bits, counts.Length, 0, "a", "b");
            var sums = new ulong[ring.Digits];
            foreach (var count in counts)
            {
                var digits = new ulong[ring.Digits];
                new CountDigits(ring, ImmutableSortedDictionary<string, long>.Empty.Add("a", count).Add("b", UpdateLayout.LargestCount)).Next(digits);
                Assert.All(digits, d => Assert.True(d < 1UL << bits));
                for (var i = 0; i < sums.Length; i++) sums[i] += digits[i];
            }
            var sum = OpenedSum.Decode(ring, Sample.Plan(bits), counts.Length, new Sample.Digits(sums));
            Assert.Equal(counts.Sum(), sum.Count("a"));
            Assert.Equal(counts.Length * UpdateLayout.LargestCount, sum.Count("b"));
            Assert.Throws<ArgumentException>(() => sum.Count("c"));
        }, iter: 500);

    [Fact]
    public void takes_the_offset_of_every_participant_away()
    {
        var sum = OpenedSum.Decode(Sample.Ring(8, 4, 3), Sample.Plan(8, range: 2), 3, new Sample.Digits(3 * 128, 0, 3 * 255));
        Assert.Equal([0, -6, 3 * 127 / 64.0], sum.Values);
        Assert.Equal((3, 100), (sum.Participants, sum.WeightCap));
    }

    [Fact]
    public void is_refused_when_its_digits_cannot_be_a_sum_of_that_many()
    {
        var ring = Sample.Ring(8, 4, 1, "n");
        Assert.Throws<InvalidDataException>(() => OpenedSum.Decode(ring, Sample.Plan(8), 3, new Sample.Digits(3 * 255 + 1, 0, 0, 0, 0, 0, 0)));
        Assert.Throws<InvalidDataException>(() => OpenedSum.Decode(ring, Sample.Plan(8), 3, new Sample.Digits(0, 0, 0, 0, 0, 0, 3 * 255 + 1)));
        // 32-bit digits leave room for counts above 2^48.
        Assert.Throws<InvalidDataException>(() => OpenedSum.Decode(Sample.Ring(32, 4, 0, "n"), Sample.Plan(32), 1, new Sample.Digits(0, 1 << 16)));
        Assert.Throws<ArgumentOutOfRangeException>(() => OpenedSum.Decode(ring, Sample.Plan(8), 5, new Sample.Digits()));
        Assert.Throws<ArgumentOutOfRangeException>(() => OpenedSum.Decode(ring, Sample.Plan(8), 0, new Sample.Digits()));
        Assert.Throws<ArgumentException>(() => OpenedSum.Decode(ring, Sample.Plan(9), 1, new Sample.Digits()));
    }

    [Fact]
    public void carries_a_loss_in_units_of_two_to_the_minus_20()
    {
        Assert.Equal(1_572_864, CountNames.OfLoss(1.5));
        Assert.Equal(UpdateLayout.LargestCount, CountNames.OfLoss(double.NaN));
        Assert.Equal(UpdateLayout.LargestCount, CountNames.OfLoss(1e12));
        Assert.Equal(UpdateLayout.LargestCount, CountNames.OfLoss(-1));
    }
}
