using System.Collections.Immutable;
using System.Globalization;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests;

/// <summary>The four hospitals of the UCI Heart Disease collection, as FLamby prepares them. Shared by the tests of data and of learning.</summary>
internal static class HeartDisease
{
    public static readonly string[] Hospitals = ["cleveland", "hungarian", "switzerland", "va"];
    private const string RawHeader = "age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,slope,ca,thal,num";

    public static DatasetContract Contract { get; } = new(
        "heart-disease",
        [
            Number("age", 0, 120), Number("sex", 0, 1), Number("trestbps", 0, 300), Number("chol", 0, 1000), Number("fbs", 0, 1),
            Number("thalach", 0, 300), Number("exang", 0, 1), Number("oldpeak", -10, 10),
            new FeatureColumn.Category("cp", ["1", "2", "3", "4"], true, MissingRule.DropRow),
            new FeatureColumn.Category("restecg", ["0", "1", "2"], true, MissingRule.DropRow),
        ],
        new LabelColumn.Binary("num", 0, MissingRule.DropRow), new SplitRule.ByColumn("set", "train", "test"), 10);

    /// <summary>The folder; skips the test, saying so, where it is absent and nobody said that it must be there.</summary>
    public static string Folder => RealData.Folder("heart-disease");

    /// <summary>Rows of FLamby's prepared table, by column name.</summary>
    public static ImmutableArray<ImmutableDictionary<string, string>> Prepared => Table("flamby_prepared.csv");

    public static ImmutableArray<ImmutableDictionary<string, string>> Table(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name));
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Where(l => l.Length > 0).Select(line => header.Zip(line.Split(',')).ToImmutableDictionary(p => p.First, p => p.Second))];
    }

    /// <summary>Writes the raw file of one hospital with a header and FLamby's split; rows that FLamby dropped have an empty split.</summary>
    public static string WriteCsv(string hospital, string directory)
    {
        var sets = Prepared.Where(row => row["center_name"] == hospital).ToDictionary(row => int.Parse(row["file_line"], CultureInfo.InvariantCulture), row => row["set"]);
        var rows = File.ReadLines(Path.Combine(Folder, "raw", $"processed.{hospital}.data")).Select((line, at) => $"{line},{sets.GetValueOrDefault(at + 1)}");
        var path = Path.Combine(directory, $"{hospital}.csv");
        File.WriteAllLines(path, [$"{RawHeader},set", .. rows]);
        return path;
    }

    private static FeatureColumn.Number Number(string name, double min, double max) => new(name, min, max, true, MissingRule.DropRow);
}
