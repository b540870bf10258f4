using CsCheck;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests.Transactions;

public sealed class A_transaction_stream
{
    /// <summary>Times on a grid of six hours, so that several fall on one moment and on the very ends of windows; few keys, so that windows fill.</summary>
    private static readonly Gen<List<Transaction>> Streams =
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Long[0, 100_000_000], Gen.Int[0, 3]).Array[0, 60].Select(rows => rows
            .Select((r, i) => new Transaction(r.Item1 * Transaction.MicrosecondsADay / 4, (UInt128)i, r.Item4, r.Item2, r.Item3, r.Item5 == 0)).ToList());

    private static readonly int[][] Lengths = [[1, 7, 30], [2], [1, 3]];

    [Fact]
    public void has_the_features_of_their_definition()
    {
        var (full, cut, risky) = (0, 0, 0);
        Gen.Select(Streams, Gen.Int[0, 2].Select(i => Lengths[i]), Gen.Int[1, 3]).Sample((rows, windows, delay) =>
        {
            var derive = SmallStream.Contract.Derive! with { Windows = [.. windows], DelayDays = delay };
            var sorted = rows.OrderBy(r => r.Time).ThenBy(r => r.Id).ToList();
            var features = new FeatureStream(Stream(rows), derive);
            for (var i = 0; i < sorted.Count; i++)
            {
                Assert.True(features.Next(out var row));
                Assert.Equal(sorted[i].Id, row.Id);
                var values = Naive(sorted, i, derive);
                Assert.Equal(values, features.Values);
                if (values[3] > 1) full++;
                if (values[3] < sorted.Take(i + 1).Count(r => r.Customer == sorted[i].Customer)) cut++;
                if (values[^1] is > 0 and < 1) risky++;
            }
            Assert.False(features.Next(out _));
        }, iter: 300);
        Assert.True(full > 100 && cut > 100 && risky > 100, $"windows that held more than one: {full}, that had lost one: {cut}, shares strictly between 0 and 1: {risky}");
    }

    [Fact]
    public void is_the_same_in_whatever_order_its_rows_were_read() =>
        Gen.Select(Streams, Gen.Int).Sample((rows, seed) =>
        {
            var shuffled = rows.Concat(rows.Take(3)).ToArray();
            new Random(seed).Shuffle(shuffled);
            var (one, other) = (Stream(rows), Stream([.. shuffled]));
            Assert.Equal(one.Rows, other.Rows);
            Assert.Equal((0, Math.Min(3, rows.Count)), (one.Duplicates, other.Duplicates));
        }, iter: 300);

    [Fact]
    public void sums_without_rounding_however_long_it_runs()
    {
        // A running sum in double would keep what a billion leaves behind when it goes.
        var rows = Enumerable.Range(0, 1000).Select(i =>
            new Transaction(i * Transaction.MicrosecondsADay, (UInt128)i, i % 2 == 0 ? 1_000_000_000 * Transaction.Millionths : 10_000, 0, 0, false)).ToList();
        var features = new FeatureStream(Stream(rows), SmallStream.Contract.Derive! with { Windows = [1] });
        while (features.Next(out var row)) Assert.Equal((double)row.Amount / Transaction.Millionths, features.Values[4]);
    }

    [Theory]
    [InlineData("7", "07"), InlineData("0", "00"), InlineData("a", "A"), InlineData("1234567890123456789", "1234567890123456780")]
    public void tells_ids_apart_by_their_text(string one, string other) => Assert.NotEqual(TransactionId.Of(one), TransactionId.Of(other));

    [Fact]
    public void orders_numbered_ids_by_number_and_others_after_them() =>
        Assert.True(TransactionId.Of("9") < TransactionId.Of("10") && TransactionId.Of("999999999999999999") < TransactionId.Of("a"));

    private static TransactionStream Stream(List<Transaction> rows) => TransactionStream.Of([.. rows], new FaultCount(SmallStream.Contract));

    private static double[] Naive(List<Transaction> sorted, int at, TransactionFeatures derive)
    {
        var now = sorted[at];
        var until = sorted.Take(at + 1).ToList();
        List<Transaction> Within(Func<Transaction, bool> mine, int days) => [.. until.Where(r => mine(r) && r.Time > now.Time - days * Transaction.MicrosecondsADay)];
        var moment = derive.Start.ToDateTime(TimeOnly.MinValue).AddMicroseconds(now.Time);
        List<double> values =
            [now.Amount / 1e6, moment.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0, moment.Hour <= derive.NightUntil ? 1 : 0];
        foreach (var window in derive.Windows)
        {
            var mine = Within(r => r.Customer == now.Customer, window);
            values.AddRange([mine.Count, mine.Sum(r => r.Amount) / (1e6 * mine.Count)]);
        }
        foreach (var window in derive.Windows)
        {
            var (longer, delay) = (Within(r => r.Terminal == now.Terminal, window + derive.DelayDays), Within(r => r.Terminal == now.Terminal, derive.DelayDays));
            var (count, frauds) = (longer.Count - delay.Count, longer.Count(r => r.Fraud) - delay.Count(r => r.Fraud));
            values.AddRange([count, count == 0 ? 0 : (double)frauds / count]);
        }
        return [.. values];
    }
}
