using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests.Transactions;

public sealed class The_Handbooks_transactions
{
    [Fact]
    public void have_the_features_that_the_Handbook_computes()
    {
        var expected = FraudHandbook.Sample.ToDictionary(row => TransactionId.Of(row["TRANSACTION_ID"]));
        var (names, compared) = (FraudHandbook.Derive.Names, 0);
        var features = new FeatureStream(Read(FraudHandbook.Transactions), FraudHandbook.Derive);
        while (features.Next(out var row))
        {
            if (!expected.TryGetValue(row.Id, out var of)) continue;
            compared++;
            for (var i = 0; i < names.Length; i++)
            {
                // The Handbook's means come from a running sum in double, which keeps the errors of what it once held.
                var value = FraudHandbook.Number(of[names[i]]);
                Assert.Equal(value, features.Values[i], names[i].Contains("_AVG_", StringComparison.Ordinal) ? 1e-9 * (1 + value) : 1e-13 * (1 + value));
            }
        }
        Assert.Equal(3000, compared);
    }

    [Fact]
    public async Task are_split_by_time_without_the_cards_that_are_known_as_defrauded()
    {
        var ready = Assert.IsType<DatasetReading.Ready>(await new TransactionConnector(FraudHandbook.Transactions).Read(FraudHandbook.Contract, CancellationToken.None));
        Assert.Equal((67_240, 58_264, 0), (ready.Summary.TrainRows, ready.Summary.TestRows, ready.Summary.DuplicateRows));   // as the Handbook prints them
        Assert.Equal(58_264, ready.TestCards.Length);
        Assert.Equal(Enumerable.Range(129, 7), ready.TestCards.Select(c => c.Day).Distinct());
        Assert.Equal(15, ready.Examples.Train.Width);
        for (var i = 0; i < 15; i++)
        {
            var column = Enumerable.Range(0, ready.Examples.Train.Count).Select(r => (double)ready.Examples.Train.Row(r)[i]).ToList();
            Assert.Equal((0, 1), (column.Average(), column.Sum(x => x * x) / (column.Count - 1)), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-5 && Math.Abs(a.Item2 - b.Item2) < 1e-4);
        }
    }

    private static TransactionStream Read(string path)
    {
        var faults = new FaultCount(FraudHandbook.Contract);
        TransactionRows? rows = null;
        CsvWalk.Table(
            new CsvFile(path, CsvLimits.Usual), faults, header => (rows = new(FraudHandbook.Derive, TableColumns.Positions(header, FraudHandbook.Derive.Raw, faults), faults)).Add,
            CancellationToken.None, out _);
        Assert.False(faults.Any);
        return TransactionStream.Of(rows!.Read, faults);
    }
}
