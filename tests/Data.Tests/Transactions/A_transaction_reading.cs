using CsCheck;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Datasets;
using static DeepSeek.Federated.Data.DatasetFaultKind;
using static DeepSeek.Federated.Data.Tests.Transactions.SmallStream;

namespace DeepSeek.Federated.Data.Tests.Transactions;

public sealed class A_transaction_reading
{
    [Fact]
    public void derives_splits_and_labels()
    {
        var ready = Ready(Read(Header + Rows));
        Assert.Equal((6, 4, 0, 0), (ready.Summary.TrainRows, ready.Summary.TestRows, ready.Summary.DroppedRows, ready.Summary.DuplicateRows));
        // Anna on day 4, a Tuesday: one in a day (the one before lies exactly 1 day back), two in two days; 2 of the shop's rows in each day.
        Assert.Equal([18, 0, 0, 1, 18, 2, 17, 2, 0, 4, 0], ready.Examples.Train.Row(0).ToArray());
        Assert.Equal([new(8, 0), new(8, 1), new(9, 0), new(9, 1)], ready.TestCards);
    }

    [Fact]
    public void removes_from_testing_the_cards_that_are_known_as_defrauded_by_then()
    {
        var rows = Rows + Row(100, 4, "carl", "other", 5, fraud: 1) + Row(101, 8, "carl", "other", 5) + Row(102, 9, "carl", "other", 5)    // in training
            + Row(103, 7, "dora", "other", 5, fraud: 1) + Row(104, 8, "dora", "other", 5) + Row(105, 9, "dora", "other", 5)                // after it: known on day 9, not yet on day 8
            + Row(106, 8, "emil", "other", 5, fraud: 1) + Row(107, 9, "emil", "other", 5)                                                  // not yet known
            + Row(108, 3, "fred", "other", 5, fraud: 1) + Row(109, 9, "fred", "other", 5);                                                 // before training: as the Handbook, which looks no further back
        var ready = Ready(Read(Header + rows));
        Assert.Equal((8, 3), (ready.Summary.TestRows, ready.Summary.KnownRows));
        Assert.Equal(1.0 / 7, ready.Summary.PositiveShare);
        Assert.Equal(1, ready.Examples.Test.Labels.Sum());
    }

    [Fact]
    public void counts_the_cards_of_others_for_their_terminals_only()
    {
        var contract = Of(SmallStream.Contract.Derive! with { Own = "own" });
        var own = (Header + Rows).Replace("\n", ",1\n", StringComparison.Ordinal).Replace("fraud,1", "fraud,own", StringComparison.Ordinal);
        var alone = Ready(Read(own, contract));
        Assert.Equal(Ready(Read(Header + Rows)).Examples.Train.Features, alone.Examples.Train.Features);
        // Two rows of another bank at the shop on day 2, one of them a fraud; another bank's fraud on day 4 is nobody's here.
        var ready = Ready(Read(own + "50,200000,,shop,,1,0\n51,200001,dora,shop,9999,0,0\n52,400000,?,shop,,1,0\n", contract));
        Assert.Equal((6, 4), (ready.Summary.TrainRows, ready.Summary.TestRows));
        Assert.Equal([18, 0, 0, 1, 18, 2, 17, 2, 0, 6, 1 / 6f], ready.Examples.Train.Row(0).ToArray());
        Assert.Equal(0, ready.Examples.Train.Labels.Sum());
        Assert.Equal([("own", OutOfRange, 1), ("own", MissingValue, 1)], Faults(Read(own + "50,200000,a,shop,1,1,2\n51,200000,a,shop,1,1,\n", contract)));
    }

    [Fact]
    public void gives_the_same_for_rows_in_any_order_and_repeated() =>
        Gen.Int.Sample(seed =>
        {
            var rows = Rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Append("7,302400,ben,shop,17.0,0.0").ToArray();
            new Random(seed).Shuffle(rows);
            var (one, other) = (Ready(Read(Header + Rows)), Ready(Read(Header + string.Join('\n', rows), zipped: seed % 2 == 0)));
            Assert.Equal(one.Examples.Train.Features, other.Examples.Train.Features);
            Assert.Equal(one.Examples.Test.Features, other.Examples.Test.Features);
            Assert.Equal(one.TestCards, other.TestCards);
            Assert.Equal((0, 1), (one.Summary.DuplicateRows, other.Summary.DuplicateRows));
        }, iter: 20);

    [Fact]
    public void counts_every_fault_by_column_and_kind() =>
        Assert.Equal(
            [
                ("eur", NotANumber, 1), ("eur", NotFinite, 1), ("eur", OutOfRange, 2), ("eur", MissingValue, 1), ("card", MissingValue, 6),
                ("fraud", NotANumber, 1), ("fraud", OutOfRange, 3), ("fraud", MissingValue, 1), ("id", MissingValue, 1), ("shop", MissingValue, 1),
                ("t", NotANumber, 1), ("t", NotFinite, 1), ("t", MissingValue, 1), ("t", ClockJump, 3),
            ],
            Faults(Read(Header + Rows
                + "50,400000,a,b,-1,0\n51,400000,a,b,2e9,0\n52,400000,a,b,NaN,0\n53,400000,a,b,ten,0\n54,400000,a,b,Infinity,0\n"
                + "55,400000,,b,1,0\n56,400000,?,b,1,0\n57,400000,-1,b,1,0\n58,400000,Unknown,b,1,0\n59,400000,NULL,b,1,0\n60,400000,n/a,,1,0\n"
                + "61,400000,a,b,1,2\n62,400000,a,b,1,0.5\n63,400000,a,b,1,-1\n64,400000,a,b,1,yes\n65,400000,a,b,1,\n"
                + ",400000,a,b,1,0\n66,-1,a,b,1,0\n67,2493072000,a,b,1,0\n68,1e15,a,b,1,0\n69,noon,a,b,1,0\n70,,a,b,1,0\n71,1e999,a,b,1,0\n")));

    [Fact]
    public void refuses_one_id_for_different_transactions() =>
        Assert.Equal([(null, ConflictingTransactions, 5)], Faults(Read(Header + Rows + Row(3, 1, "ben", "shop", 14) + Row(7, 3, "ben", "shop", 17, hour: 13) + Row(7, 3, "ben", "shop", 17))));

    [Fact]
    public void refuses_a_history_that_is_shorter_than_what_the_first_features_look_back_to()
    {
        var rows = Rows.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Ready(Read(Header + string.Join('\n', rows.Skip(2))));
        Assert.Equal([(null, HistoryTooShort, 0)], Faults(Read(Header + string.Join('\n', rows.Skip(4)))));
    }

    [Fact]
    public void holds_features_to_the_contracts_range_where_they_are_used()
    {
        Ready(Read(Header + Rows + Row(50, 2, "gina", "other", 5000)));
        Assert.Equal([("eur", OutOfRange, 1), ("card_AVG_AMOUNT_1DAY_WINDOW", OutOfRange, 1), ("card_AVG_AMOUNT_2DAY_WINDOW", OutOfRange, 1)], Faults(Read(Header + Rows + Row(50, 4, "gina", "other", 5000))));
    }

    [Fact]
    public void names_missing_and_doubled_columns_of_the_contract_only() =>
        Assert.Equal([("eur", MissingColumn, 0), ("card", DuplicateColumn, 0), ("fraud", MissingColumn, 0)], Faults(Read("id,t,card,card,shop,Mrs Smith\n1,1,a,a,b,c\n")));

    [Fact]
    public void refuses_empty_absent_short_and_broken_files()
    {
        Assert.Equal([(null, EmptyFile, 0)], Faults(Read("")));
        Assert.Equal([(null, EmptyFile, 0)], Faults(Read("", zipped: true)));
        Assert.Equal([(null, TooFewRows, 0)], Faults(Read(Header)));
        Assert.Equal([(null, FileMissing, 0)], Faults(ReadAt(Path.Combine(Path.GetTempPath(), "no-such-folder-of-ours", "x.csv"))));
        Assert.Equal([(null, MalformedCsv, 1)], Faults(Read(Header + Rows + "1,2\n")));
        var zipped = Zipped(Header + Rows);
        foreach (var bytes in new[] { zipped[..^1], zipped[..^9], zipped[..20], [.. zipped, .. zipped], [0x1f, 0x8b], [0x1f, 0x8b, .. "nonsense"u8] })
        {
            using var file = new TemporaryFile(bytes);
            Assert.Contains((null, MalformedGzip, 0), Faults(ReadAt(file.Path)));
        }
    }

    [Fact]
    public async Task is_bounded_in_rows_whatever_a_small_file_unfolds_to()
    {
        using var file = new TemporaryFile(Zipped(Header + string.Concat(Enumerable.Repeat(Row(1, 1, "a", "b", 1), 5000))));
        var reading = await new TransactionConnector(file.Path, new CsvLimits(1000, 1024)).Read(SmallStream.Contract, CancellationToken.None);
        Assert.Equal([(null, FileTooLarge, 1000)], Faults(reading));
    }

    [Fact]
    public void never_throws_and_never_repeats_anything_of_the_file()
    {
        Gen.String[Gen.OneOf(Gen.Char["0123456789,,,,,\n\n.-\"abNa"], Gen.Char), 0, 200].Sample(text =>
        {
            if (Read(Header + Rows + "7319,7319,7319" + text) is DatasetReading.Refused refused) Assert.DoesNotContain(refused.Faults, f => f.ToString().Contains("7319", StringComparison.Ordinal));
        }, iter: 300);
    }

    [Fact]
    public async Task and_a_table_are_for_different_contracts()
    {
        using var file = new TemporaryFile(Header + Rows);
        Assert.Equal([(null, WrongConnector, 0)], Faults(await new CsvConnector(file.Path).Read(SmallStream.Contract, CancellationToken.None)));
        Assert.Equal([(null, WrongConnector, 0)], Faults(ReadAt(file.Path, SmallStream.Contract with { Derive = null, Split = new SplitRule.Every(0.2) })));
    }
}
