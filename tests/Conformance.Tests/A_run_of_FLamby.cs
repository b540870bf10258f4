using System.Globalization;
using System.Text.Json;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Tests;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Conformance.Tests;

/// <summary>
/// FLamby's Fed-Heart-Disease (Ogier du Terrail et al., NeurIPS 2022) repeated by a real federation: real processes, real gRPC and TLS, real tables; initial weights
/// and minibatches as FLamby drew them. All runs go on at once, as studies of one federation.
/// </summary>
public sealed class A_run_of_FLamby(FlambyFederation federation) : IClassFixture<FlambyFederation>
{
    private const double MostWeightDifference = 1e-4;

    [Fact]
    public async Task gives_the_golden_weights_after_every_round_and_the_golden_accuracies()
    {
        var runs = (from run in GoldenRuns.All from width in FlambyStudy.Widths select (run, width)).ToList();
        Assert.NotEmpty(runs);
        foreach (var (run, width) in runs) await federation.Submit(run, width, InitialWeights(run, width));
        var pooled = await PooledTestRows();
        TorchRuntime.Start(1);

        var told = new List<string>();
        foreach (var (run, width) in runs)
        {
            var status = await federation.Ended(run.Study(width));
            Assert.Equal("completed", status.GetProperty("phase").GetString());
            var versions = status.GetProperty("versions").EnumerateArray().ToList();
            var golden = GoldenRuns.AfterRounds(run);
            Assert.Equal(golden.Length + 1, versions.Count);
            var (worst, last) = (0.0, Array.Empty<float>());
            for (var round = 1; round < versions.Count; round++)
            {
                last = await Values(run, width, versions[round]);
                worst = Math.Max(worst, last.Zip(golden[round - 1]).Max(pair => Math.Abs((double)pair.First - pair.Second)));
            }
            var (accuracy, patients) = (PooledAccuracy(run, width, last, pooled), pooled.Count);
            var expected = GoldenRuns.Accuracies(run);
            told.Add($"{run.Study(width)}: largest difference {worst:E1}; pooled {accuracy:F4}, FLamby {expected.Pooled:F4}");
            TestContext.Current.SendDiagnosticMessage(told[^1]);
            if (width == 32)
            {
                Assert.True(worst <= MostWeightDifference, string.Join('\n', told));
                Assert.Equal(expected.Pooled, accuracy, 1e-12);
                Assert.All(HeartDisease.Hospitals, hospital => Assert.Equal(expected.Hospitals[hospital], Disclosed(status, hospital), 1e-12));
            }
            else
            {
                Assert.True(Math.Abs(expected.Pooled - accuracy) * patients <= 1 + 1e-9, string.Join('\n', told));   // one test patient
            }
        }
        var (verified, output, errors) = await federation.Verify();
        Assert.True(verified == 0, output + errors);
    }

    private static byte[] InitialWeights(GoldenRun run, int width)
    {
        var spec = FlambyStudy.Read(run, width).Model;
        var steps = GoldenRuns.Initial(run.Seed).Select(w => Grid.TryRound(w, spec.GridBits, out var at) ? at : throw new InvalidDataException("Off the grid."));
        using var file = new MemoryStream();
        Safetensors.Write(file, new VersionContent(spec, [.. steps]), new StudyId("flamby"), Digest.Of("flamby"u8));
        return file.ToArray();
    }

    private async Task<float[]> Values(GoldenRun run, int width, JsonElement version)
    {
        using var snapshot = new MemoryStream(await federation.Blob(version.GetProperty("snapshot").GetString()!));
        // The spec's start is part of its digest: the weights' own.
        var content = VersionSnapshot.Read(snapshot, FlambyStudy.Read(run, width, Digest.Of(InitialWeights(run, width))).Model);
        Assert.Equal(version.GetProperty("content").GetString(), content.Digest.ToString());
        var values = new float[content.Values.Length];
        content.ToFloats(values);
        return values;
    }

    private static double PooledAccuracy(GoldenRun run, int width, float[] values, Examples rows)
    {
        using var model = new SiteModel(FlambyStudy.Read(run, width).Model);
        model.LoadShared(values);
        var evaluation = Evaluator.Evaluate(model, rows, 1024, CancellationToken.None);
        return (double)evaluation.Correct / evaluation.Rows;
    }

    private static double Disclosed(JsonElement status, string hospital)
    {
        var figures = status.GetProperty("rounds").EnumerateArray().Last().GetProperty("figures").EnumerateArray();
        return double.Parse(figures.Single(f => f.GetProperty("site").GetString() == hospital).GetProperty("value").GetString()!, CultureInfo.InvariantCulture);
    }

    /// <summary>The test rows of all hospitals, normalised by the statistics of all training rows: what only a test may compute.</summary>
    private static async Task<Examples> PooledTestRows()
    {
        var folder = Directory.CreateTempSubdirectory("pooled-").FullName;
        try
        {
            var tables = HeartDisease.Hospitals.Select(h => HeartDisease.WriteCsv(h, folder)).ToList();
            var pooled = Path.Combine(folder, "pooled.csv");
            await File.WriteAllLinesAsync(pooled, tables.SelectMany((table, at) => File.ReadLines(table).Skip(at == 0 ? 0 : 1)));
            return Assert.IsType<DatasetReading.Ready>(await new CsvConnector(pooled).Read(HeartDisease.Contract, CancellationToken.None)).Examples.Test;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
