using System.Globalization;
using System.IO.Compression;
using System.Text;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests.Transactions;

/// <summary>A small contract over transactions, and synthetic rows for it.</summary>
internal static class SmallStream
{
    public const string Header = "id,t,card,shop,eur,fraud\n";

    /// <summary>Starts on a Friday; history from day 1 on, training on days 4 to 6, testing on days 8 and 9.</summary>
    public static DatasetContract Contract { get; } = Of(new TransactionFeatures("id", "t", "card", "shop", "eur", "fraud", new DateOnly(2021, 1, 1), [1, 2], DelayDays: 1, NightUntil: 6));

    public static DatasetContract Of(TransactionFeatures derive) => new(
        "small", [.. derive.Names.Select(name => new FeatureColumn.Number(name, 0, 1000, false, MissingRule.Refuse))], new LabelColumn.Binary("fraud", 0, MissingRule.Refuse),
        new SplitRule.Period(Day(derive, 4), Day(derive, 6), Day(derive, 8), Day(derive, 9)), 1) { Derive = derive };

    /// <summary>One row; the time in days and hours.</summary>
    public static string Row(int id, double day, string card, string shop, double amount, int fraud = 0, double hour = 12) =>
        string.Create(CultureInfo.InvariantCulture, $"{id},{day * 86400 + hour * 3600},{card},{shop},{amount},{fraud}\n");

    /// <summary>Two cards at one shop, from day 0 to day 9.</summary>
    public static string Rows { get; } = string.Concat(Enumerable.Range(0, 20).Select(i => Row(i, i / 2, i % 2 == 0 ? "anna" : "ben", "shop", 10 + i)));

    public static DatasetReading Read(string csv, DatasetContract? contract = null, bool zipped = false)
    {
        using var file = new TemporaryFile(zipped ? Zipped(csv) : Encoding.UTF8.GetBytes(csv));
        return ReadAt(file.Path, contract);
    }

    public static DatasetReading ReadAt(string path, DatasetContract? contract = null) =>
        new TransactionConnector(path).Read(contract ?? Contract, CancellationToken.None).GetAwaiter().GetResult();

    public static DatasetReading.Ready Ready(DatasetReading reading) => reading is DatasetReading.Refused refused
        ? throw new InvalidOperationException(string.Join(" / ", refused.Faults.Select(f => f.Sentence)))
        : (DatasetReading.Ready)reading;

    public static (string?, DatasetFaultKind, long)[] Faults(DatasetReading reading) =>
        [.. Assert.IsType<DatasetReading.Refused>(reading).Faults.Select(f => (f.Column, f.Kind, f.Rows))];

    public static byte[] Zipped(string csv)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(csv));
        return bytes.ToArray();
    }

    private static DateOnly Day(TransactionFeatures derive, int day) => derive.Start.AddDays(day);
}
