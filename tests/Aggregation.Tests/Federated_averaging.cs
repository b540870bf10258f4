using System.Collections.Immutable;
using CsCheck;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Randomness;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Aggregation.Tests;

public sealed class Federated_averaging
{
    private static readonly RoundId Round = new(new StudyId("heart"), 1);

    private static ModelSpec Spec(int values, int gridBits = 20) => new(
        new Architecture.Logistic(values - 1, 1), new InitialWeights.Seeded(1), gridBits, ImmutableSortedDictionary<string, TensorRole>.Empty);

    private static OpenedSum Sum(double[] values, long weight, int cap = 100) =>
        new(2, [.. values], ImmutableSortedDictionary<string, long>.Empty.Add(CountNames.Weight, weight), cap);

    private static StrategyOutcome.Stepped Step(VersionContent from, StrategyState state, OpenedSum sum, double rate = 1) =>
        Assert.IsType<StrategyOutcome.Stepped>(Strategies.For(new Strategy.FedAvg(rate), Plans.Training).Step(from, state, sum, 9));

    /// <summary>A whole round: encode at every site, fold in the order given, reveal, decode.</summary>
    private static OpenedSum Aggregate(UpdatePlan plan, float[][] deltas, int[] rows, int[] order)
    {
        var (length, clear) = (deltas[0].Length, new ClearProtection());
        var ring = new UpdateRing(plan.ValueBits, deltas.Length, new UpdateLayout(length, [CountNames.Weight, CountNames.Saturated]));
        var blobs = deltas.Select((delta, site) =>
        {
            using var rounding = new SeededStream(new byte[16], $"site {site}");
            var blob = new MemoryStream();
            clear.Encode(new UpdateEncoder(ring, plan, TensorLayout.Of(Spec(length)), new UpdateDraft { Deltas = delta, Rows = rows[site] }, rounding), ring, Round, 1, blob);
            return blob;
        }).ToArray();
        using var sum = new MemoryStream();
        clear.Fold([.. order.Select(i => blobs[i])], ring, Round, 1, sum, 0);
        return OpenedSum.Decode(ring, plan, deltas.Length, clear.Reveal([.. Enumerable.Range(0, deltas.Length).Select(i => new SiteId($"s{i}"))], ring, Round, 1, sum));
    }

    [Fact]
    public void equals_the_plain_weighted_mean_within_its_bound_and_is_the_same_in_any_order() =>
        Gen.Select(Gen.Int[12, 32], Gen.Int[2, 9], Gen.Int[2, 12], Gen.Int[1, 10_000]).Sample((bits, sites, values, seed) =>
        {
            var random = new Random(seed);
            var deltas = Enumerable.Range(0, sites).Select(_ => Enumerable.Range(0, values).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray()).ToArray();
            var rows = Enumerable.Range(0, sites).Select(_ => random.Next(50, 400)).ToArray();
            var (plan, spec) = (new UpdatePlan(bits, 1, 300), Spec(values));
            var from = InitialVersion.Make(spec, null);
            int[] order = [.. Enumerable.Range(0, sites)];
            var next = Step(from, StrategyState.None, Aggregate(plan, deltas, rows, order));
            random.Shuffle(order);
            var again = Step(from, StrategyState.None, Aggregate(plan, deltas, rows, order));
            Assert.Equal((next.Next.Digest, next.State.Digest), (again.Next.Digest, again.State.Digest));

            var weights = rows.Select(n => Math.Min(n, 300.0)).ToArray();
            for (var i = 0; i < values; i++)
            {
                var mean = deltas.Select((d, s) => d[i] * weights[s]).Sum() / weights.Sum();
                var unit = Math.ScaleB(1, 1 - bits);
                var bound = sites * unit * 300 / weights.Sum() + 1e-12;
                Assert.Equal(from.Values[i] * from.Step + mean, next.Next.Values[i] * from.Step + next.State.Residual[i], bound);
                Assert.InRange(Math.Abs(next.State.Residual[i]), 0, from.Step / 2);
            }
        }, iter: 100);

    [Fact]
    public void keeps_what_the_grid_leaves_over()
    {
        // A tenth of a step, ten times, is one step.
        var (version, state) = (new VersionContent(Spec(2, 4), [0, 16]), StrategyState.None);
        for (var round = 0; round < 10; round++)
            (version, state) = (Step(version, state, Sum([0.1 / 16, -0.1 / 16], 100)).Next, Step(version, state, Sum([0.1 / 16, -0.1 / 16], 100)).State);
        Assert.Equal([1, 15], version.Values);
        Assert.All(state.Residual, left => Assert.Equal(0, left, 1e-15));
    }

    [Fact]
    public void is_frozen_bit_for_bit()
    {
        var from = InitialVersion.Make(Spec(6), null);
        var next = Step(from, StrategyState.None, Sum([0.3, -0.7, 1e-7, 1.0 / 3, 0, -5], 170, 123), 0.9);
        var last = Step(next.Next, next.State, Sum([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 99, 123), 0.9);
        Assert.Equal("f581b890507b663cb35c203f0c86581673310ded96cdd57dcde1a420377ce2ed", last.Next.Digest.ToString());
        Assert.Equal("3215ef3daf2da9fcf61f44f64a9f3b2ea0d0ed036a8055d7b74607736480542e", last.State.Digest.ToString());
    }

    [Fact]
    public void rounds_ties_to_even_and_obeys_the_server_rate()
    {
        var from = new VersionContent(Spec(2, 0), [2, 3]);
        Assert.Equal([2, 4], Step(from, StrategyState.None, Sum([1, 1], 100), 0.5).Next.Values);
        Assert.Equal([4, 5], Step(from, StrategyState.None, Sum([1, 1], 50)).Next.Values);
    }

    [Fact]
    public void says_so_when_a_tensor_leaves_the_grid()
    {
        var from = new VersionContent(Spec(3, 30), [0, 0, int.MaxValue]);
        var outcome = Assert.IsType<StrategyOutcome.GridOverflow>(Strategies.For(new Strategy.FedAvg(1), Plans.Training).Step(from, StrategyState.None, Sum([0, 0, 1e-3], 100), 9));
        Assert.Equal(("linear.bias", 30), (outcome.Tensor, outcome.GridBits));
        Assert.Contains("coarser grid", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void says_so_when_nobody_has_weight() =>
        Assert.IsType<StrategyOutcome.NoWeight>(Strategies.For(new Strategy.FedAvg(1), Plans.Training).Step(new VersionContent(Spec(2), [0, 0]), StrategyState.None, Sum([0, 0], 0), 9));

    [Fact]
    public void refuses_a_sum_or_state_of_another_model_or_strategy()
    {
        var (from, strategy) = (new VersionContent(Spec(2), [0, 0]), Strategies.For(new Strategy.FedAvg(1), Plans.Training));
        Assert.Equal("fedavg", strategy.Kind);
        Assert.Throws<ArgumentException>(() => strategy.Step(from, StrategyState.None, Sum([0], 1), 9));
        Assert.Throws<ArgumentException>(() => strategy.Step(from, new StrategyState("fedavg", [0]), Sum([0, 0], 1), 9));
        Assert.Throws<ArgumentException>(() => strategy.Step(from, new StrategyState("fedadam", [0, 0]), Sum([0, 0], 1), 9));
        Assert.Throws<ArgumentException>(() => strategy.Step(from, new StrategyState("fedavg", [0, 0], [[0, 0]]), Sum([0, 0], 1), 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => strategy.Step(from, StrategyState.None, Sum([0, 0], 1), 1));
    }
}
