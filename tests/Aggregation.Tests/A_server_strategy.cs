using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Aggregation.Tests;

/// <summary>Each strategy against its paper's formulas, written out for two rounds of two values.</summary>
public sealed class A_server_strategy
{
    private const int Cap = 100, Weight = 160;
    private static readonly double[] First = [0.4, -0.2], Second = [-0.1, 0.3];

    private static readonly VersionContent Base = new(
        new ModelSpec(new Architecture.Logistic(1, 1), new InitialWeights.Seeded(1), 20, ImmutableSortedDictionary<string, TensorRole>.Empty), [1 << 20, -(1 << 19)]);

    private static OpenedSum Sum(double[] values, long? steps = null) => new(
        2, [.. values],
        ImmutableSortedDictionary<string, long>.Empty.Add(CountNames.Weight, Weight).AddRange(steps is { } s ? [new(CountNames.WeightedSteps, s)] : []), Cap);

    private static (double[] Values, StrategyState State) Run(Strategy strategy, int cohort = 2, long? steps = null)
    {
        var (version, state, step) = (Base, StrategyState.None, Strategies.For(strategy, Plans.Training));
        Assert.Equal(strategy.Kind, step.Kind);
        foreach (var sum in new[] { First, Second })
        {
            var stepped = Assert.IsType<StrategyOutcome.Stepped>(step.Step(version, state, Sum(sum, steps), cohort));
            using var blob = new MemoryStream();
            stepped.State.Write(blob);
            blob.Position = 0;
            (version, state) = (stepped.Next, StrategyState.Read(blob, 2, stepped.State.Digest!.Value));   // what is stored is what goes on
        }
        return ([.. version.Values.Select((v, i) => v * version.Step + state.Residual[i])], state);
    }

    private static double[] Means(double[] sum) => [.. sum.Select(s => s * Cap / Weight)];

    private static void Equals(IEnumerable<double> expected, IEnumerable<double> actual) => Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-12));

    [Fact]
    public void that_has_momentum_goes_on_in_the_old_direction()
    {
        var (values, _) = Run(new Strategy.FedAvgM(0.5, 0.9));
        Equals([.. Enumerable.Range(0, 2).Select(i =>
        {
            var (d1, d2) = (Means(First)[i], Means(Second)[i]);
            return Base.Values[i] * Base.Step + 0.5 * d1 + 0.5 * (0.9 * d1 + d2);
        })], values);
    }

    [Theory]
    [InlineData("adam"), InlineData("yogi"), InlineData("adagrad")]
    public void that_adapts_follows_Reddi_and_others(string kind)
    {
        const double rate = 0.1, b1 = 0.9, b2 = 0.99, tau = 1e-3;
        Strategy strategy = kind switch
        {
            "adam" => new Strategy.FedAdam(rate, b1, b2, tau),
            "yogi" => new Strategy.FedYogi(rate, b1, b2, tau),
            _      => new Strategy.FedAdagrad(rate, b1, tau),
        };
        Equals([.. Enumerable.Range(0, 2).Select(i =>
        {
            var (x, m, v) = (Base.Values[i] * Base.Step, 0.0, 0.0);
            foreach (var d in new[] { Means(First)[i], Means(Second)[i] })
            {
                m = b1 * m + (1 - b1) * d;
                v = kind switch { "adam" => b2 * v + (1 - b2) * d * d, "yogi" => v - (1 - b2) * d * d * Math.Sign(v - d * d), _ => v + d * d };
                x += rate * m / (Math.Sqrt(v) + tau);
            }
            return x;
        })], Run(strategy).Values);
    }

    [Theory]
    [InlineData(2), InlineData(5)]
    public void that_has_control_variates_keeps_the_mean_of_what_sites_keep(int cohort)
    {
        var (values, state) = Run(new Strategy.Scaffold(0.5), cohort);
        var kEta = Plans.Training.LocalSteps * Plans.Training.LearningRate;
        Equals([.. Enumerable.Range(0, 2).Select(i => Base.Values[i] * Base.Step + 0.5 * Means(First)[i] + 0.5 * Means(Second)[i])], values);
        Equals([.. Enumerable.Range(0, 2).Select(i =>
        {
            var c = 0.0;
            // Delta c of every participant is -c - delta y / (K eta); absent sites keep theirs.
            foreach (var d in new[] { Means(First)[i], Means(Second)[i] }) c += 2.0 / cohort * (-c - d / kEta);
            return c;
        })], state.Moments[0]);
    }

    [Fact]
    public void that_normalises_steps_by_the_mean_number_of_steps()
    {
        var (values, _) = Run(new Strategy.FedNova(1), steps: 1200);   // 7.5 steps on the average of the weights
        Equals([.. Enumerable.Range(0, 2).Select(i => Base.Values[i] * Base.Step + 7.5 * (Means(First)[i] + Means(Second)[i]))], values);
    }

    [Fact]
    public void whose_difference_lies_at_the_sites_averages()
    {
        var plain = Run(new Strategy.FedAvg(0.7)).Values;
        Assert.Equal(plain, Run(new Strategy.FedProx(0.7, 1)).Values);
        Assert.Equal(plain, Run(new Strategy.Ditto(0.7, 1)).Values);
    }
}
