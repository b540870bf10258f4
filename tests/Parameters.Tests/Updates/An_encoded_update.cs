using System.Collections.Immutable;
using CsCheck;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Randomness;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Tests.Updates;

public sealed class An_encoded_update
{
    private static readonly byte[] Seed = new byte[16];

    private static (ulong[] Digits, UpdateEncoder Encoder) Encode(int bits, UpdateDraft draft, double range = 1, int cap = 100, int piece = 1000)
    {
        var tensors = TensorLayout.Of(Sample.Logistic(draft.Deltas.Length - 1));
        var ring = Sample.Ring(bits, 4, draft.Deltas.Length, [CountNames.Weight, CountNames.Saturated, .. draft.Counts.Keys]);
        using var rounding = new SeededStream(Seed, "rounding");
        var encoder = new UpdateEncoder(ring, Sample.Plan(bits, range, cap), tensors, draft, rounding);
        var digits = new ulong[ring.Digits];
        for (var at = 0; at < digits.Length; at += piece) encoder.Next(digits.AsSpan(at, Math.Min(piece, digits.Length - at)));
        return (digits, encoder);
    }

    [Fact]
    public void is_within_one_unit_of_the_weighted_delta_never_says_more_than_its_weight_and_keeps_what_is_left()
    {
        var (saturated, within) = (0, 0);
        Gen.Select(Gen.Int[8, 32], Gen.Float[-3, 3].Array[2, 30], Gen.Float[-0.5f, 0.5f], Gen.Int[1, 150]).Sample((bits, deltas, left, rows) =>
        {
            var (residual, next) = (Enumerable.Repeat(left, deltas.Length).ToArray(), new float[deltas.Length]);
            var (digits, encoder) = Encode(bits, new UpdateDraft { Deltas = deltas, Rows = rows, Residual = residual, NextResidual = next });
            var (unit, weight, beyond) = (Math.ScaleB(1, 1 - bits), Math.Min(rows, 100) / 100.0, 0);
            for (var i = 0; i < deltas.Length; i++)
            {
                var wanted = ((double)deltas[i] + left) * weight;
                var found = ((long)digits[i] - (1L << (bits - 1))) * unit;
                Assert.True(digits[i] < 1UL << bits);
                var most = Math.Min(weight, weight == 1 ? 1 - unit : 1);
                if (wanted > -weight && wanted < most && Math.Abs(found - wanted) < unit) Interlocked.Increment(ref within);
                else if (++beyond > 0) Assert.InRange(Math.Abs(found - Math.Sign(wanted) * weight), 0, unit);
                Assert.Equal((wanted - found) / weight, next[i], 1e-6 * Math.Max(1, Math.Abs(wanted / weight)));
            }
            // Within a unit of the edge the draw decides whether a value saturates.
            Assert.All(digits[..deltas.Length], d => Assert.InRange(Math.Abs((long)d - (1L << (bits - 1))), 0, (long)Math.Ceiling((decimal)Math.Min(rows, 100) / 100 * (1L << (bits - 1)))));
            var edge = deltas.Count(d => Math.Abs(Math.Abs(((double)d + left) * weight) - weight) <= unit);
            Assert.InRange(encoder.Saturated, beyond - edge, beyond + edge);
            Interlocked.Add(ref saturated, (int)encoder.Saturated);
            Assert.Equal(Math.Min(rows, 100), encoder.Weight);
        }, iter: 2000);
        Assert.True(saturated > 0 && within > 0, "the generator must reach both outcomes");
    }

    [Fact]
    public void rounds_without_bias()
    {
        // 0.3 of a unit, 40,000 times: the mean of the digits is within 5 sigma of 0.3; the seed is fixed.
        var (digits, _) = Encode(16, new UpdateDraft { Deltas = Enumerable.Repeat(0.3f / 32768, 40_000).ToArray(), Rows = 100 });
        Assert.InRange(digits.Take(40_000).Average(d => (double)d) - 32768, 0.3 - 5 * Math.Sqrt(0.21 / 40_000), 0.3 + 5 * Math.Sqrt(0.21 / 40_000));
    }

    [Fact]
    public void keeps_over_rounds_what_one_round_could_not_say()
    {
        // With error feedback, what was sent in k rounds plus what is left is exactly what was wanted.
        var (deltas, residual, sent) = (new[] { 1.7f, 0.001f, -0.0101f }, new float[3], new double[3]);
        for (var round = 0; round < 5; round++)
        {
            var (digits, _) = Encode(8, new UpdateDraft { Deltas = deltas, Rows = 50, Residual = residual, NextResidual = residual });
            for (var i = 0; i < 3; i++) sent[i] += ((long)digits[i] - 128) / 128.0 / 0.5;
        }
        for (var i = 0; i < 3; i++) Assert.Equal(5.0 * deltas[i], sent[i] + residual[i], 1e-5);
    }

    [Fact]
    public void does_not_depend_on_the_pieces_it_is_read_in_and_is_frozen()
    {
        var draft = new UpdateDraft
        {
            Deltas = new[] { 0.5f, -0.25f, 2, -2, 1e-6f }, Rows = 37, Counts = ImmutableSortedDictionary<string, long>.Empty.Add("test.loss", 0x1234_5678_9abc),
        };
        var (digits, _) = Encode(16, draft);
        Assert.Equal(digits, Encode(16, draft, piece: 1).Digits);
        Assert.Equal(digits, Encode(16, draft, piece: 4).Digits);
        Assert.Equal("38830,29737,44892,20644,32768,37,0,0,2,0,0,39612,22136,4660", string.Join(",", digits));
    }

    [Fact]
    public void is_refused_where_training_diverged_naming_the_tensor()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Assert.Equal("linear.weight", Assert.Throws<NonFiniteUpdateException>(() => Encode(16, new UpdateDraft { Deltas = new[] { 0, bad, 0 }, Rows = 1 })).Tensor);
            Assert.Equal("linear.bias", Assert.Throws<NonFiniteUpdateException>(() => Encode(16, new UpdateDraft { Deltas = new float[3], Rows = 1, Residual = new[] { 0, 0, bad } })).Tensor);
        }
    }

    [Fact]
    public void survives_the_largest_numbers()
    {
        var next = new float[2];
        var (digits, encoder) = Encode(32, new UpdateDraft { Deltas = new[] { float.MaxValue, float.MinValue }, Rows = 100, Residual = new[] { float.MaxValue, float.MinValue }, NextResidual = next }, range: 1e-290);
        Assert.Equal([uint.MaxValue, 0], digits[..2]);
        Assert.Equal(2, encoder.Saturated);
        Assert.All(next, left => Assert.True(float.IsFinite(left)));
    }

    [Fact]
    public void refuses_what_does_not_belong_together()
    {
        var draft = new UpdateDraft { Deltas = new float[3], Rows = 1 };
        Assert.Throws<ArgumentException>(() => Encode(16, draft with { Rows = 0 }));
        Assert.Throws<ArgumentException>(() => Encode(16, draft with { Residual = new float[2] }));
        Assert.Throws<ArgumentException>(() => Encode(16, draft with { NextResidual = new float[4] }));
        Assert.Throws<ArgumentException>(() => Encode(16, draft with { Counts = draft.Counts.Add("x", -1) }));
        Assert.Throws<ArgumentException>(() => Encode(16, draft with { Counts = draft.Counts.Add("x", 1L << 48) }));
        foreach (var range in new[] { 0, -1, double.NaN, double.PositiveInfinity, double.Epsilon })
            Assert.Throws<ArgumentException>(() => Encode(16, draft, range));
        Assert.Throws<ArgumentException>(() => Encode(16, draft, cap: 0));
        Assert.Throws<ArgumentException>(() => new CountDigits(Sample.Ring(16, 2, 0, "a"), draft.Counts));
        Assert.Throws<ArgumentException>(() => new CountDigits(Sample.Ring(16, 2, 0, "a"), draft.Counts.Add("a", 1).Add("b", 1)));
    }
}
