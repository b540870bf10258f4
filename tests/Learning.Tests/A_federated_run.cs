using System.Collections.Immutable;
using System.Globalization;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Tests;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Tests;

public sealed class A_federated_run : IDisposable
{
    private static readonly string[] Weights =
        ["w_age", "w_sex", "w_trestbps", "w_chol", "w_fbs", "w_thalach", "w_exang", "w_oldpeak", "w_cp_2", "w_cp_3", "w_cp_4", "w_restecg_1", "w_restecg_2", "bias"];

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("42"), InlineData("43")]
    public async Task gives_the_weights_and_accuracies_that_FLamby_gives(string seed)
    {
        var sites = new List<SplitExamples>();
        foreach (var hospital in HeartDisease.Hospitals)
            sites.Add(Assert.IsType<DatasetReading.Ready>(
                await new CsvConnector(HeartDisease.WriteCsv(hospital, _directory)).Read(HeartDisease.Contract, CancellationToken.None)).Examples);
        var batches = HeartDisease.Table("golden/batches_parallel.csv").Where(row => row["seed"] == seed)
            .GroupBy(row => row["client"]).OrderBy(site => site.Key, StringComparer.Ordinal)
            .Select(site => new GivenBatches([.. site.OrderBy(row => Int(row["batch"])).Select(row => row["indices"].Split(' ').Select(Int).ToImmutableArray())]))
            .ToList();
        var golden = HeartDisease.Table("golden/global_weights_per_round.csv").Where(row => row["strategy"] == "FedAvg" && row["seed"] == seed).ToDictionary(row => Int(row["round"]));
        var plan = new TrainingPlan(LocalSteps: 100, BatchSize: 4, LearningRate: 0.001, Momentum: 0, WeightDecay: 0);
        using var model = new SiteModel(Samples.Spec(new Architecture.Logistic(13, 1)));
        var global = Vector(HeartDisease.Table("flamby_init_weights.csv").Single(row => row["seed"] == seed));
        var local = new float[global.Length];
        double rows = sites.Sum(site => site.Train.Count);
        for (var round = 0; round < 15; round++)
        {
            var mean = new double[global.Length];
            foreach (var (site, sequence) in sites.Zip(batches))
            {
                model.LoadShared(global);
                Assert.IsType<TrainingOutcome.Trained>(Trainer.Train(model, site.Train, plan, sequence, [], null, CancellationToken.None));
                model.CopyShared(local);
                for (var i = 0; i < mean.Length; i++) mean[i] += local[i] * (site.Train.Count / rows);
            }
            global = [.. mean.Select(v => (float)v)];
            Assert.All(global.Zip(Vector(golden[round])), pair => Assert.Equal(pair.Second, pair.First, 5e-6f));
        }

        model.LoadShared(global);
        var expected = HeartDisease.Table("golden/final_accuracy.csv").Single(row => row["strategy"] == "FedAvg" && row["seed"] == seed);
        foreach (var (hospital, site) in HeartDisease.Hospitals.Zip(sites))
        {
            var evaluation = Evaluator.Evaluate(model, site.Test, 32, CancellationToken.None);
            Assert.Equal(double.Parse(expected[$"acc_{hospital}"], CultureInfo.InvariantCulture), (double)evaluation.Correct / evaluation.Rows, 1e-12);
        }
    }

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static float[] Vector(ImmutableDictionary<string, string> row) => [.. Weights.Select(name => float.Parse(row[name], CultureInfo.InvariantCulture))];
}
