using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests;

/// <summary>The card transactions of the Fraud Detection Handbook and the contract of its baseline. Shared by the tests of data and of learning.</summary>
internal static class FraudHandbook
{
    public static TransactionFeatures Derive { get; } = new(
        "TRANSACTION_ID", "TX_TIME_SECONDS", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT", "TX_FRAUD", new DateOnly(2018, 4, 1), [1, 7, 30], DelayDays: 7, NightUntil: 6);

    /// <summary>All fifteen features; the Handbook's first weeks.</summary>
    public static DatasetContract Contract { get; } = new(
        "card-transactions", [.. Derive.Names.Select(name => new FeatureColumn.Number(name, 0, 1e6, true, MissingRule.Refuse))],
        new LabelColumn.Binary("TX_FRAUD", 0, MissingRule.Refuse),
        new SplitRule.Period(new DateOnly(2018, 7, 25), new DateOnly(2018, 7, 31), new DateOnly(2018, 8, 8), new DateOnly(2018, 8, 14)), 10) { Derive = Derive };

    /// <summary>The raw stream, 2018-06-11 to 2018-08-14.</summary>
    public static string Transactions => Path.Combine(Folder, "transactions_2018-06-11_to_2018-08-14.csv.gz");

    /// <summary>Rows with the Handbook's own features, by column name.</summary>
    public static ImmutableArray<ImmutableDictionary<string, string>> Sample
    {
        get
        {
            var lines = File.ReadAllLines(Path.Combine(Folder, "features_sample_3000.csv"));
            var header = lines[0].Split(',');
            return [.. lines.Skip(1).Where(l => l.Length > 0).Select(line => header.Zip(line.Split(',')).ToImmutableDictionary(p => p.First, p => p.Second))];
        }
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The folder; skips the test, saying so, where it is absent and nobody said that it must be there.</summary>
    private static string Folder
    {
        get
        {
            var named = Environment.GetEnvironmentVariable("FEDERATED_DATA");
            var folder = Path.Combine(named ?? Path.Combine(RepositoryRoot(), "..", "shared", "data"), "fraud-handbook");
            if (named is null) Assert.SkipUnless(Directory.Exists(folder), "The Fraud Detection Handbook's data are not on this machine; set FEDERATED_DATA.");
            return folder;
        }
    }

    private static string RepositoryRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
