using System.Collections.Immutable;
using System.Globalization;
using DeepSeek.Federated.Data.Tests;

namespace DeepSeek.Federated.Conformance.Tests;

/// <summary>One run of FLamby: a strategy and a seed.</summary>
/// <param name="Strategy">As FLamby spells it.</param>
/// <param name="Seed">Of initial weights and minibatches.</param>
internal sealed record GoldenRun(string Strategy, string Seed)
{
    /// <summary>The study that repeats it.</summary>
    public string Study(int valueBits) => $"{Strategy.ToLowerInvariant()}-{Seed}-{valueBits}";

    /// <summary>FLamby's hyperparameters in our manifest's words.</summary>
    public (double LearningRate, string Strategy) Plan => Strategy switch
    {
        "FedAvg"     => (0.001, "{kind: fedavg}"),
        "FedProx"    => (0.001, "{kind: fedprox, mu: 0.01}"),
        "Scaffold"   => (0.001, "{kind: scaffold, serverRate: 1}"),
        "FedAdam"    => (0.01, "{kind: fedadam, serverRate: 0.01, beta1: 0.9, beta2: 0.999, tau: 1e-8}"),
        "FedYogi"    => (0.003162, "{kind: fedyogi, serverRate: 0.01, beta1: 0.9, beta2: 0.999, tau: 1e-8}"),
        "FedAdagrad" => (0.003162, "{kind: fedadagrad, serverRate: 0.316228, beta1: 0.9, tau: 1e-8}"),
        _            => throw new InvalidDataException($"The golden folder has a strategy that this test does not know: {Strategy}."),
    };
}

/// <summary>What FLamby itself computed: whatever strategies and seeds the folder holds.</summary>
internal static class GoldenRuns
{
    public const int Rounds = 15;
    private static readonly string[] Weights =
        ["w_age", "w_sex", "w_trestbps", "w_chol", "w_fbs", "w_thalach", "w_exang", "w_oldpeak", "w_cp_2", "w_cp_3", "w_cp_4", "w_restecg_1", "w_restecg_2", "bias"];

    public static ImmutableArray<GoldenRun> All => [.. HeartDisease.Table("golden/final_accuracy.csv").Select(row => new GoldenRun(row["strategy"], row["seed"]))];

    /// <summary>Weights before round 1, in the order of the model's shared vector.</summary>
    public static float[] Initial(string seed) => Vector(HeartDisease.Table("flamby_init_weights.csv").Single(row => row["seed"] == seed));

    /// <summary>Global weights after each round.</summary>
    public static ImmutableArray<float[]> AfterRounds(GoldenRun run) =>
    [
        .. HeartDisease.Table("golden/global_weights_per_round.csv").Where(row => row["strategy"] == run.Strategy && row["seed"] == run.Seed)
            .OrderBy(row => int.Parse(row["round"], CultureInfo.InvariantCulture)).Select(Vector),
    ];

    /// <summary>Accuracy of the last version: at each hospital by its own statistics, and of all test rows by pooled ones.</summary>
    public static (ImmutableDictionary<string, double> Hospitals, double Pooled) Accuracies(GoldenRun run)
    {
        var row = HeartDisease.Table("golden/final_accuracy.csv").Single(r => r["strategy"] == run.Strategy && r["seed"] == run.Seed);
        return (HeartDisease.Hospitals.ToImmutableDictionary(h => h, h => Number(row[$"acc_{h}"])), Number(row["acc_pooled_test"]));
    }

    /// <summary>The minibatches of one hospital, a line each.</summary>
    public static IEnumerable<string> Batches(string seed, int hospital) =>
        HeartDisease.Table("golden/batches_parallel.csv").Where(row => row["seed"] == seed && row["client"] == $"{hospital}")
            .OrderBy(row => int.Parse(row["batch"], CultureInfo.InvariantCulture)).Select(row => row["indices"]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static float[] Vector(ImmutableDictionary<string, string> row) => [.. Weights.Select(name => float.Parse(row[name], CultureInfo.InvariantCulture))];
}
