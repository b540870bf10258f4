using System.Text;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Domain.Datasets;
using static DeepSeek.Federated.Data.DatasetFaultKind;

namespace DeepSeek.Federated.Data.Tests;

public sealed class A_csv_prediction
{
    private static readonly DatasetContract Contract = new(
        "small",
        [
            new FeatureColumn.Number("age", 0, 120, true, MissingRule.DropRow),
            new FeatureColumn.Category("kind", ["1", "2"], false, MissingRule.Refuse),
            new FeatureColumn.Number("dose", 0, 1e300, false, MissingRule.Fill),
        ],
        new LabelColumn.Binary("ill", 0, MissingRule.DropRow), new SplitRule.ByColumn("set", "train", "test"), 1);

    // Training rows: age 20, 40 (mean 30, spread 14.14), dose 2, 4 (mean 3).
    private const string Table = "age,kind,dose,ill,set\n20,1,2,0,train\n40,2,4,1,train\n90,1,9,1,test\n";

    private static PredictionReading Read(string input, string table = Table, CsvLimits? limits = null)
    {
        using var training = new TemporaryFile(Encoding.UTF8.GetBytes(table));
        using var rows = new TemporaryFile(Encoding.UTF8.GetBytes(input));
        return new CsvPrediction(training.Path, rows.Path, limits ?? CsvLimits.Usual).Read(Contract, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static (string?, DatasetFaultKind, long)[] Faults(PredictionReading reading, bool ofInput)
    {
        var refused = Assert.IsType<PredictionReading.Refused>(reading);
        Assert.Equal(ofInput, refused.OfInput);
        return [.. refused.Faults.Select(f => (f.Column, f.Kind, f.Rows))];
    }

    [Fact]
    public void normalises_and_fills_by_the_sites_own_training_rows()
    {
        var ready = Assert.IsType<PredictionReading.Ready>(Read("name,dose,age,kind\nA,,30,2\nB,7,20,1\n"));
        Assert.Equal([true, true], ready.Predicted);
        Assert.Equal([0f, 1, 3, (float)(-10 / Math.Sqrt(200)), 0, 7], ready.Features);
    }

    [Fact]
    public void skips_rows_that_the_contract_would_drop_and_says_which() =>
        Assert.Equal([true, false, true], Assert.IsType<PredictionReading.Ready>(Read("age,kind,dose\n30,1,1\n?,1,1\n31,1,1\n")).Predicted);

    [Fact]
    public void never_looks_at_a_label_or_a_split() =>
        Assert.Equal([true], Assert.IsType<PredictionReading.Ready>(Read("age,kind,dose,ill,set\n30,1,1,perhaps,whatever\n")).Predicted);

    [Fact]
    public void of_no_rows_is_no_fault() => Assert.Empty(Assert.IsType<PredictionReading.Ready>(Read("age,kind,dose\n")).Predicted);

    [Fact]
    public void names_what_does_not_fit_and_in_which_file()
    {
        Assert.Equal([("kind", MissingColumn, 0)], Faults(Read("age,dose\n30,1\n"), ofInput: true));
        Assert.Equal(
            [("age", OutOfRange, 1), ("kind", UnknownLevel, 1), ("dose", NotANumber, 1)],
            Faults(Read("age,kind,dose\n300,1,1\n30,7,1\n30,1,much\n"), ofInput: true));
        Assert.Equal([("dose", OutOfRange, 1)], Faults(Read("age,kind,dose\n30,1,1e200\n"), ofInput: true));   // more than single precision holds
        Assert.Equal([(null, EmptyFile, 0)], Faults(Read(""), ofInput: true));
        Assert.Equal([(null, FileTooLarge, 3)], Faults(Read("age,kind,dose\n" + string.Concat(Enumerable.Repeat("30,1,1\n", 4)), limits: new(3, 1000)), ofInput: true));
        Assert.Equal([("kind", UnknownLevel, 1)], Faults(Read("age,kind,dose\n30,1,1\n", Table + "20,9,1,0,train\n"), ofInput: false));
    }
}
