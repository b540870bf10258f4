using System.Globalization;
using DeepSeek.Federated.Data.Csv;

namespace DeepSeek.Federated.Data.Tests;

public sealed class A_heart_disease_table : IDisposable
{
    private static readonly string[] Inputs =
        ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "cp_2", "cp_3", "cp_4", "restecg_1", "restecg_2"];

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("cleveland", 199, 104, 0)]
    [InlineData("hungarian", 172, 89, 33)]
    [InlineData("switzerland", 30, 16, 77)]
    [InlineData("va", 85, 45, 70)]
    public async Task is_dropped_split_and_normalised_as_FLamby_does(string hospital, int train, int test, int dropped)
    {
        var path = HeartDisease.WriteCsv(hospital, _directory);
        var ready = Assert.IsType<DatasetReading.Ready>(await new CsvConnector(path).Read(HeartDisease.Contract, CancellationToken.None));

        Assert.Equal((train, test, dropped), (ready.Summary.TrainRows, ready.Summary.TestRows, ready.Summary.DroppedRows));
        var statistics = HeartDisease.Table("flamby_norm_stats.csv").Where(row => row["center"] == hospital).ToDictionary(row => row["stat"]);
        var prepared = HeartDisease.Prepared.Where(row => row["center_name"] == hospital).ToList();
        foreach (var (set, examples) in new[] { ("train", ready.Examples.Train), ("test", ready.Examples.Test) })
        {
            var expected = prepared.Where(row => row["set"] == set).ToList();
            Assert.Equal(expected.Count, examples.Count);
            Assert.Equal(Inputs.Length, examples.Width);
            for (var r = 0; r < expected.Count; r++)
            {
                Assert.Equal(expected[r]["y"], examples.Labels[r].ToString());
                for (var i = 0; i < Inputs.Length; i++)
                {
                    double Of(string stat) => double.Parse(statistics[stat][Inputs[i]], CultureInfo.InvariantCulture);
                    var value = (double.Parse(expected[r][Inputs[i]], CultureInfo.InvariantCulture) - Of("mean")) / (Of("std") + 1e-9);
                    Assert.Equal(value, examples.Row(r)[i], 2e-6 * (1 + Math.Abs(value)));
                }
            }
        }
        Assert.Equal(ready.Examples.Train.Labels.Average(), ready.Summary.PositiveShare!.Value, 1e-12);
    }
}
