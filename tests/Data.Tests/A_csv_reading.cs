using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Domain.Datasets;
using static DeepSeek.Federated.Data.DatasetFaultKind;

namespace DeepSeek.Federated.Data.Tests;

public sealed class A_csv_reading
{
    private static readonly DatasetContract Contract = new(
        "small",
        [
            new FeatureColumn.Number("age", 0, 120, false, MissingRule.Refuse),
            new FeatureColumn.Category("kind", ["1", "2", "three"], false, MissingRule.DropRow),
            new FeatureColumn.Number("dose", -1e300, 1e300, false, MissingRule.Fill),
        ],
        new LabelColumn.Binary("ill", 0, MissingRule.DropRow), new SplitRule.ByColumn("set", "train", "test"), 1);

    private const string Header = "age,kind,dose,ill,set\n";

    private static DatasetReading Read(string csv, DatasetContract? contract = null, CsvLimits? limits = null) =>
        Read(Encoding.UTF8.GetBytes(csv), contract, limits);

    private static DatasetReading Read(byte[] csv, DatasetContract? contract = null, CsvLimits? limits = null)
    {
        using var file = new TemporaryFile(csv);
        return ReadAt(file.Path, contract, limits);
    }

    private static DatasetReading ReadAt(string path, DatasetContract? contract = null, CsvLimits? limits = null) =>
        new CsvConnector(path, limits ?? CsvLimits.Usual).Read(contract ?? Contract, CancellationToken.None).GetAwaiter().GetResult();

    private static DatasetReading.Ready Ready(DatasetReading reading) => reading is DatasetReading.Refused refused
        ? throw new InvalidOperationException(string.Join(" / ", refused.Faults.Select(f => f.Sentence)))
        : (DatasetReading.Ready)reading;

    private static (string?, DatasetFaultKind, long)[] Faults(DatasetReading reading) =>
        [.. Assert.IsType<DatasetReading.Refused>(reading).Faults.Select(f => (f.Column, f.Kind, f.Rows))];

    [Theory]
    [InlineData("\n"), InlineData("\r\n")]
    public void takes_well_formed_rows_in_their_order(string newline)
    {
        var csv = "\uFEFF" + (Header + "30,1,1,0,train\n\"40\", 2.0 ,2,1,train\n50,three,3,2,test\n\n60,01,4,0,train").Replace("\n", newline, StringComparison.Ordinal);
        var ready = Ready(Read(csv));
        Assert.Equal([30, 0, 0, 1, 40, 1, 0, 2, 60, 0, 0, 4], ready.Examples.Train.Features);
        Assert.Equal([50, 0, 1, 3], ready.Examples.Test.Features);
        Assert.Equal([0, 1, 0], ready.Examples.Train.Labels);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csv))), ready.Summary.Source.ToString());
        Assert.Equal(1.0 / 3, ready.Summary.PositiveShare);
    }

    [Fact]
    public void ignores_other_columns_and_their_order() =>
        Assert.Equal([30, 0, 1, 7], Ready(Read("set,note,dose,ill,kind,age\ntrain,\"a, \"\"b\"\"\nc\",7,1,three,30\n")).Examples.Train.Features);

    [Fact]
    public void fills_with_the_mean_of_the_training_rows_and_counts_what_it_drops()
    {
        var ready = Ready(Read(Header + "1,1,2,0,train\n2,1,?,0,train\n3,1,4,1,train\n4,1,100,1,test\n5,1,NA,1,test\n6,?,nan,1,train\n7,1,1,NaN,train\n"));
        Assert.Equal([2, 3, 4], ready.Examples.Train.Features.Where((_, i) => i % 4 == 3));
        Assert.Equal([100, 3], ready.Examples.Test.Features.Where((_, i) => i % 4 == 3));
        Assert.Equal(2, ready.Summary.DroppedRows);
    }

    [Fact]
    public void counts_every_fault_by_column_and_kind()
    {
        var faults = Faults(Read(Header
            + "old,1,1,0,train\nInfinity,1,1,0,train\n1e999,1,1,0,train\n-Infinity,1,1,0,train\n130,1,1,0,train\n-1,1,1,0,train\n,1,1,0,train\n"
            + "30,9,1,0,train\n30,drei,1,0,train\n30,1,one,0,train\n30,1,1,yes,train\n30,1,1,Infinity,train\n30,1,1,0,maybe\n30,1,1,0,\n30,1,1,0\n30,1,1,0,train,x\n\"3\"0,1,1,0,train\n3\"0,1,1,0,train\n"));
        Assert.Equal(
            [
                (null, MalformedCsv, 4), ("age", NotANumber, 1), ("age", NotFinite, 3), ("age", OutOfRange, 2), ("age", MissingValue, 1), ("kind", UnknownLevel, 2),
                ("dose", NotANumber, 1), ("ill", NotANumber, 1), ("ill", NotFinite, 1), ("set", UnknownSplitValue, 2),
            ], faults);
    }

    [Fact]
    public void does_not_look_at_the_other_cells_of_a_dropped_row() => Ready(Read(Header + "30,1,1,0,train\nold,?,x,y,z\n"));

    [Fact]
    public void names_missing_and_doubled_columns_of_the_contract_only() =>
        Assert.Equal([("age", MissingColumn, 0), ("kind", DuplicateColumn, 0), ("ill", MissingColumn, 0)], Faults(Read("kind,kind,dose,set,Mrs Smith,Mrs Smith\n1,1,1,1,1,1\n")));

    [Fact]
    public void never_repeats_anything_of_the_file_in_a_fault()
    {
        const string secret = "7319";
        var csv = $"age,kind,dose,ill,set,{secret}\n{secret},{secret},{secret},{secret},{secret},\n{secret},1,x{secret},x{secret},train,\n\"{secret}\"{secret},{secret}\n\"{secret}";
        foreach (var limits in new[] { CsvLimits.Usual, new CsvLimits(1, 8) })
            Assert.DoesNotContain(Assert.IsType<DatasetReading.Refused>(Read(csv, limits: limits)).Faults, f => f.ToString().Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void refuses_empty_short_and_absent_files()
    {
        Assert.Equal([(null, EmptyFile, 0)], Faults(Read("")));
        Assert.Equal([(null, EmptyFile, 0)], Faults(Read("\n\n")));
        Assert.Equal([(null, TooFewRows, 0)], Faults(Read(Header)));
        Assert.Equal([(null, TooFewRows, 1)], Faults(Read(Header + "30,1,1,0,train\n30,1,1,0,test\n", Contract with { MinimumRows = 2 })));
        var absent = Path.Combine(Path.GetTempPath(), "no-such-folder-of-ours", "x.csv");
        Assert.Equal([(null, FileMissing, 0)], Faults(ReadAt(absent)));
        Assert.Equal([(null, FileUnreadable, 0)], Faults(ReadAt(Path.GetTempPath())));
    }

    [Fact]
    public void stops_at_its_bounds()
    {
        var rows = string.Concat(Enumerable.Repeat("30,1,1,0,train\n", 11));
        Assert.Equal([(null, FileTooLarge, 10)], Faults(Read(Header + rows, limits: new(10, 1000))));
        Ready(Read(Header + rows, limits: new(11, 1000)));
        var unclosed = Header + "30,1,1,0,\"" + string.Concat(Enumerable.Repeat("30,1,1,0,train\n", 100_000));
        Assert.Equal([(null, RowTooLong, 0)], Faults(Read(unclosed, limits: new(1000, 10_000))));
        Assert.Contains((null, MalformedCsv, 1), Faults(Read(Header + "30,1,1,0,train\n30,1,1,0,\"train\n30,1,1,0,train\n")));
    }

    [Fact]
    public void refuses_bytes_that_are_not_text()
    {
        Assert.Equal([(null, NotUtf8, 1)], Faults(Read([.. Encoding.UTF8.GetBytes(Header + "30,1,1,0,train\n30,"), 0xE9, .. Encoding.UTF8.GetBytes(",1,0,train\n")])));
        Assert.IsType<DatasetReading.Refused>(Read(RandomNumberGenerator.GetBytes(100_000)));
        Assert.IsType<DatasetReading.Refused>(Read(new byte[100_000]));
    }

    [Fact]
    public void refuses_what_single_precision_cannot_hold() =>
        Assert.Equal([("dose", OutOfRange, 1)], Faults(Read(Header + "30,1,1e300,0,train\n30,1,1,0,test\n")));

    [Fact]
    public void cannot_fill_a_column_that_has_no_value() => Assert.Equal([("dose", MissingValue, 1)], Faults(Read(Header + "30,1,,0,train\n30,1,1,0,test\n")));

    [Fact]
    public void lists_a_hundred_faults_and_counts_the_rest()
    {
        var wide = Contract with { Columns = [.. Enumerable.Range(0, 300).Select(i => new FeatureColumn.Number($"pixel{i}", 0, 1, false, MissingRule.Refuse))] };
        var faults = Faults(Read(Header + "30,1,1,0,train\n", wide));
        Assert.Equal(101, faults.Length);
        Assert.Equal((null, MoreFaults, 200), faults[^1]);
    }

    [Fact]
    public void spreads_every_nth_row_into_the_test_set()
    {
        var every = Contract with { Split = new SplitRule.Every(0.25) };
        var ready = Ready(Read(Header + string.Concat(Enumerable.Range(0, 9).Select(i => $"{i},1,1,0,\n")), every));
        Assert.Equal([3, 7], ready.Examples.Test.Features.Where((_, i) => i % 4 == 0));
        Assert.Equal(7, ready.Examples.Train.Count);
    }

    [Fact]
    public void numbers_classes_in_the_order_of_the_contract()
    {
        var classes = Contract with { Label = new LabelColumn.Classes("ill", ["no", "maybe", "yes"], MissingRule.Refuse) };
        var ready = Ready(Read(Header + "1,1,1,yes,train\n1,1,1,no,train\n1,1,1,maybe,train\n", classes));
        Assert.Equal([2, 0, 1], ready.Examples.Train.Labels);
        Assert.Null(ready.Summary.PositiveShare);
        Assert.Equal([("ill", UnknownLevel, 1), ("ill", MissingValue, 1)], Faults(Read(Header + "1,1,1,si,train\n1,1,1,,train\n", classes)));
    }

    [Fact]
    public void normalises_to_mean_zero_and_spread_one_and_keeps_constants_at_zero()
    {
        var number = new DatasetContract("n", [new FeatureColumn.Number("x", -1e9, 1e9, true, MissingRule.Refuse), new FeatureColumn.Number("c", -1e9, 1e9, true, MissingRule.Refuse)],
            new LabelColumn.Binary("y", 0, MissingRule.Refuse), new SplitRule.Every(0.001), 1);
        Gen.Double[-1e8, 1e8].Array[3, 50].Where(v => v.Max() - v.Min() > 1e-3).Sample(values =>
        {
            var text = string.Concat(values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v:R},123456.789,1\n")));
            var train = Ready(Read("x,c,y\n" + text, number)).Examples.Train;
            var x = train.Features.Where((_, i) => i % 2 == 0).Select(v => (double)v).ToArray();
            Assert.Equal(0, x.Average(), 1e-5);
            Assert.Equal(1, Math.Sqrt(x.Sum(v => v * v) / (x.Length - 1)), 1e-5);
            Assert.All(train.Features.Where((_, i) => i % 2 == 1), v => Assert.Equal(0, v));
        }, iter: 200);
    }

    [Fact]
    public void normalises_by_the_manifests_constants_at_every_site_alike()
    {
        var contract = new DatasetContract("n", [new FeatureColumn.Number("x", 0, 255, new Normalisation.Fixed(33.3, 78.6), MissingRule.Fill)],
            new LabelColumn.Binary("y", 0, MissingRule.Refuse), new SplitRule.ByColumn("set", "train", "test"), 1);
        var ready = Ready(Read("x,y,set\n0,1,train\n255,1,train\n,1,train\n33.3,0,test\n", contract));
        Assert.Equal([(float)(-33.3 / 78.6), (float)((255 - 33.3) / 78.6), (float)((127.5 - 33.3) / 78.6)], ready.Examples.Train.Features);
        Assert.Equal([0f], ready.Examples.Test.Features);
        var tiny = contract with { Columns = [new FeatureColumn.Number("x", -1e300, 1e300, new Normalisation.Fixed(0, 1e-9), MissingRule.Refuse)] };
        Assert.Equal([("x", OutOfRange, 1)], Faults(Read("x,y,set\n1e36,1,train\n", tiny)));
    }

    [Fact]
    public void survives_any_bytes()
    {
        var alphabet = Gen.OneOf(new[] { "\"", ",", "\n", "\r", "1", "30", "train", "\u00e9", "?", "\0", " ", "30,1,1,0,train\n" }.Select(Gen.Const).ToArray());
        var (ready, refused) = (0, 0);
        alphabet.Array[0, 40].Sample(pieces =>
        {
            var reading = Read(Header + "30,1,1,0,train\n" + string.Concat(pieces), limits: new(100, 200));
            if (reading is DatasetReading.Ready) Interlocked.Increment(ref ready);
            else Interlocked.Increment(ref refused);
        }, iter: 2000);
        Assert.True(ready > 0 && refused > 0, "the generator must reach both outcomes");
    }

    [Fact]
    public async Task ends_when_it_is_cancelled()
    {
        using var file = new TemporaryFile(Header + "30,1,1,0,train\n");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CsvConnector(file.Path).Read(Contract, new CancellationToken(canceled: true)));
    }
}
