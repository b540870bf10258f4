using System.IO.Compression;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Tests;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Learning.Tests;

/// <summary>
/// The Handbook's stream shared out to five banks by the customer's id modulo 5. Each sees its own cards; of the others', as card networks report them,
/// terminal, time and fraud, or nothing at all.
/// </summary>
internal static class FiveBanks
{
    public const int Count = 5;

    /// <summary>2018-06-18: the first that any feature looks back to.</summary>
    private const int FirstDay = 78;

    /// <summary>Each bank's own rows, with features from what it sees.</summary>
    /// <param name="directory">Where to put the banks' files.</param>
    /// <param name="reported">Whether a bank sees the terminals of the others' transactions.</param>
    public static async Task<IReadOnlyList<DatasetReading.Ready>> Read(string directory, bool reported)
    {
        var contract = FraudHandbook.Contract with { Derive = FraudHandbook.Derive with { Own = "OWN_CARD" } };
        var paths = Enumerable.Range(0, Count).Select(bank => Path.Combine(directory, $"bank-{bank}.csv")).ToArray();
        var files = paths.Select(path => new StreamWriter(path)).ToArray();
        using (var lines = new StreamReader(new GZipStream(File.OpenRead(FraudHandbook.Transactions), CompressionMode.Decompress)))
        {
            var header = await lines.ReadLineAsync();
            Assert.Equal("TRANSACTION_ID,TX_TIME_SECONDS,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO", header);
            foreach (var file in files) await file.WriteLineAsync($"{header},OWN_CARD");
            while (await lines.ReadLineAsync() is { } line)
            {
                var cells = line.Split(',');
                if (int.Parse(cells[1]) < FirstDay * 86_400) continue;
                var own = int.Parse(cells[2]) % Count;
                for (var bank = 0; bank < Count; bank++)
                {
                    if (bank == own) await files[bank].WriteLineAsync($"{line},1");
                    else if (reported) await files[bank].WriteLineAsync($"{cells[0]},{cells[1]},,{cells[3]},,{cells[5]},,0");
                }
            }
        }
        foreach (var file in files) await file.DisposeAsync();
        var readings = await Task.WhenAll(paths.Select(path => new TransactionConnector(path).Read(contract, CancellationToken.None)));
        return [.. readings.Select(Assert.IsType<DatasetReading.Ready>)];
    }

    /// <summary>All rows in one table, the cards of different banks told apart.</summary>
    public static (Examples Train, Examples Test, CardDay[] Cards) Pooled(IReadOnlyList<DatasetReading.Ready> banks) => (
        Pooled(banks.Select(b => b.Examples.Train)), Pooled(banks.Select(b => b.Examples.Test)),
        [.. banks.SelectMany((b, at) => b.TestCards.Select(card => card with { Card = card.Card * Count + at }))]);

    private static Examples Pooled(IEnumerable<Examples> all)
    {
        var list = all.ToList();
        return new(list.Sum(e => e.Count), list[0].Width, [.. list.SelectMany(e => e.Features)], [.. list.SelectMany(e => e.Labels)]);
    }
}
