using System.Collections.Immutable;
using CsCheck;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Randomness;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Tests.Protection;

public sealed class A_clear_update
{
    private const int Cap = 1000, Steps = 7;
    private static readonly ClearProtection Clear = new();
    private static readonly RoundId Round = new(new StudyId("heart"), 1);
    private static readonly string[] Counts =
        [CountNames.Weight, CountNames.Saturated, CountNames.TestRows, CountNames.TestCorrect, CountNames.TestLoss, CountNames.WeightedSteps, CountNames.PersonalCorrect];

    private static readonly ulong[] LawfulCounts = [10, 0, 0, 0, 0, 0, 5, 0, 0, 5, 0, 0, 0, 0, 0, 70, 0, 0, 0, 0, 0];

    private static UpdateLimits Limits(int bits, int values, TrainingPlan? training = null) =>
        new(Sample.Ring(bits, 4, values, Counts), Sample.Plan(bits, cap: Cap), training ?? new TrainingPlan(Steps, 4, 0.1, 0, 0));

    private static string? Fault(UpdateLimits limits, byte[] blob, RoundId? round = null, int attempt = 1) => Clear.Fault(new Sample.Trickle(blob), limits, round ?? Round, attempt);

    /// <summary>Any digits at all, whatever they claim: two values of 16 bits and the counts.</summary>
    private static string? Fault(long[] fromOffset, long weight = 10, long saturated = 0, long rows = 50, long correct = 40, long? steps = null, long personal = 40)
    {
        var limits = Limits(16, 2);
        long[] counts = [weight, saturated, rows, correct, 5, steps ?? weight * Steps, personal];
        ulong[] digits = [.. fromOffset.Select(v => (ulong)(32768 + v)), .. counts.SelectMany(c => new[] { (ulong)c & 0xffff, (ulong)c >> 16 & 0xffff, (ulong)c >> 32 })];
        return Fault(limits, Sample.Bytes(to => Clear.Encode(new Sample.Digits(digits), limits.Ring, Round, 1, to)));
    }

    [Fact]
    public void of_an_honest_encoder_is_never_refused_however_many_rows_and_however_wild_its_deltas()
    {
        var (saturated, unsaturated, capped) = (0, 0, 0);
        Gen.Select(Gen.Int[8, 32], Gen.Float[-5, 5].Array[2, 40], Gen.OneOf(Gen.Int[1, 12], Gen.Int[1, 2 * Cap]), Gen.Bool, Gen.Int).Sample((bits, deltas, rows, epochs, seed) =>
        {
            var training = epochs ? new TrainingPlan(0, 32, 0.1, 0, 0, LocalEpochs: 3) : new TrainingPlan(Steps, 32, 0.1, 0, 0);
            var limits = Limits(bits, deltas.Length, training);
            var steps = training.StepsOver(rows);
            var draft = new UpdateDraft
            {
                Deltas = deltas.Select((d, i) => i % 3 == 0 ? d : i % 3 == 1 ? Math.Sign(d) : d / steps).ToArray(), Rows = rows,
                Counts = ImmutableSortedDictionary<string, long>.Empty.Add(CountNames.TestRows, 50).Add(CountNames.TestCorrect, 50).Add(CountNames.TestLoss, 9)
                    .Add(CountNames.WeightedSteps, Math.Min(rows, Cap) * steps).Add(CountNames.PersonalCorrect, 0),
            };
            using var rounding = new SeededStream(BitConverter.GetBytes((long)seed).Concat(new byte[8]).ToArray(), "rounding");
            var encoder = new UpdateEncoder(limits.Ring, limits.Plan, TensorLayout.Of(Sample.Logistic(deltas.Length - 1)), draft, rounding);
            Assert.Null(Fault(limits, Sample.Bytes(to => Clear.Encode(encoder, limits.Ring, Round, 1, to))));
            Interlocked.Add(ref saturated, encoder.Saturated > 0 ? 1 : 0);
            Interlocked.Add(ref unsaturated, encoder.Saturated < deltas.Length ? 1 : 0);
            Interlocked.Add(ref capped, rows > Cap ? 1 : 0);
        }, iter: 1000);
        Assert.True(saturated > 0 && unsaturated > 0 && capped > 0, "the generator must reach all of them");
    }

    [Fact]
    public void says_no_more_than_its_weight_allows()
    {
        // 10 of 1000 rows: ⌈0.01·32768⌉ = 328 units either way, and with one row 33.
        Assert.Null(Fault([328, -328]));
        Assert.Null(Fault([33, -33], weight: 1));
        Assert.Null(Fault([32767, -32768], weight: Cap));
        foreach (var far in (long[][])[[329, 0], [0, -329], [32767, 32767]]) Assert.Contains("farther than", Fault(far), StringComparison.Ordinal);
        Assert.Contains("farther than", Fault([34, 0], weight: 1), StringComparison.Ordinal);
        Assert.Contains("weight is 0", Fault([0, 0], weight: 0), StringComparison.Ordinal);
        foreach (var heavy in (long[])[Cap + 1, 1L << 40]) Assert.Contains("cap of 1000", Fault([0, 0], heavy), StringComparison.Ordinal);
    }

    [Fact]
    public void counts_what_a_site_can_count()
    {
        Assert.Null(Fault([0, 0], saturated: 2, rows: 40, correct: 40, personal: 40));
        Assert.Contains("saturated", Fault([0, 0], saturated: 3), StringComparison.Ordinal);
        Assert.Contains("classified rightly", Fault([0, 0], correct: 51), StringComparison.Ordinal);
        Assert.Contains("classified rightly", Fault([0, 0], personal: 51), StringComparison.Ordinal);
        foreach (var steps in (long[])[0, 10, 69, 71, 1L << 47]) Assert.Contains("weighted steps", Fault([0, 0], steps: steps), StringComparison.Ordinal);
    }

    [Fact]
    public void of_an_evaluation_is_held_to_its_counts_alone()
    {
        var limits = new UpdateLimits(Sample.Ring(16, 4, 0, CountNames.TestRows, CountNames.TestCorrect, CountNames.TestLoss), Sample.Plan(16), new TrainingPlan(Steps, 4, 0.1, 0, 0));
        string? Of(ulong rows, ulong correct) => Fault(limits, Sample.Bytes(to => Clear.Encode(new Sample.Digits(rows, 0, 0, correct, 0, 0, 7, 0, 0), limits.Ring, Round, 1, to)));
        Assert.Null(Of(10, 10));
        Assert.Null(Of(0, 0));
        Assert.Contains("classified rightly", Of(10, 11), StringComparison.Ordinal);
    }

    [Fact]
    public void is_refused_wherever_its_form_is_not_the_rounds()
    {
        var limits = Limits(16, 20_000);
        var ring = limits.Ring;
        var digits = Enumerable.Repeat(32768UL, (int)ring.Layout.Values).Concat(LawfulCounts).ToArray();
        var good = Sample.Bytes(to => Clear.Encode(new Sample.Digits(digits), ring, Round, 1, to));
        Assert.Null(Fault(limits, good));
        foreach (var length in (int[])[0, 63, 64, 65, good.Length - 1]) Assert.Contains("cut short", Fault(limits, good[..length]), StringComparison.Ordinal);
        Assert.Contains("follow", Fault(limits, [.. good, 0]), StringComparison.Ordinal);
        Assert.Contains("another round", Fault(limits, good, attempt: 2), StringComparison.Ordinal);
        Assert.Contains("another round", Fault(limits, good, Round with { Number = 2 }), StringComparison.Ordinal);
        foreach (var digit in (int[])[0, 16_383, 16_384, (int)ring.Layout.Values - 1, (int)ring.Digits - 1])
        {
            var wide = (byte[])good.Clone();
            wide[UpdateRing.HeaderBytes + digit * ring.BytesPerDigit + 2] = 1; // 2^16 and more in 16 bits
            Assert.Contains("larger", Fault(limits, wide), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void gives_its_chunk_root_to_whoever_checks_it()
    {
        var limits = Limits(16, 600_000);
        var digits = Enumerable.Repeat(32768UL, 600_000).Concat(LawfulCounts).ToArray();
        var blob = Sample.Bytes(to => Clear.Encode(new Sample.Digits(digits), limits.Ring, Round, 1, to));
        using var tree = new ChunkTree();
        using var read = new ChunkTreeStream(new MemoryStream(blob), tree);
        Assert.Null(Clear.Fault(read, limits, Round, 1));
        Assert.Equal(ChunkTree.Root(new MemoryStream(blob)), tree.Finish());
    }
}
