using System.Collections.Immutable;
using System.Globalization;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Domain.Datasets;

/// <summary>Reads a dataset's <c>derive</c> and the split by days, and holds them to what they mean for columns, label and each other.</summary>
internal static class TransactionFeaturesReader
{
    private const int MostDays = 365, MostWindows = 8;
    private static readonly string[] RawKeys = ["id", "time", "customer", "terminal", "amount", "fraud"];

    public static TransactionFeatures Read(DocumentReader reader)
    {
        if (reader.Text("kind", 20) is not ("transactions" or "")) reader.Fault("kind", "must be transactions");
        var raw = RawKeys.Select(key => Header(reader, key)).ToArray();
        var features = new TransactionFeatures(
            raw[0], raw[1], raw[2], raw[3], raw[4], raw[5], Day(reader, "start"), Windows(reader), (int)reader.Integer("delay", 1, MostDays), (int)reader.Integer("nightUntil", 0, 23, 6))
        { Own = reader.Has("own") ? Header(reader, "own") : null };
        if (features.Raw.Distinct().Count() != features.Raw.Length) reader.Fault("", "names a raw column twice");
        reader.Finish();
        return features;
    }

    public static SplitRule.Period ReadPeriod(DocumentReader split)
    {
        var (train, test) = (split.Object("train"), split.Object("test"));
        var period = new SplitRule.Period(Day(train, "from"), Day(train, "to"), Day(test, "from"), Day(test, "to"));
        if (period.TrainFrom > period.TrainTo) train.Fault("to", "must not be before from");
        if (period.TestFrom > period.TestTo) test.Fault("to", "must not be before from");
        train.Finish();
        test.Finish();
        return period;
    }

    public static void Check(DocumentReader reader, DatasetContract contract)
    {
        if (contract is { Derive: { } derive, Split: SplitRule.Period period })
        {
            if (contract.Label is not LabelColumn.Binary { PositiveAbove: >= 0 and < 1 } label || label.Name != derive.Fraud)
                reader.Fault("label", $"must be '{derive.Fraud}', of kind binary and positive above a number from 0 and below 1: derive.fraud is what can be predicted here");
            var names = derive.Names;
            if (names.Distinct().Count() != names.Length) reader.Fault("derive", "gives two derived columns the same name: customer and terminal must differ from them");
            foreach (var column in contract.Columns.Where(c => c is not FeatureColumn.Number || !names.Contains(c.Name)))
                reader.Fault("columns", $"'{column.Name}' is not a number that is derived here: the raw columns and what only hindsight knows are no features; derived: {string.Join(", ", names)}");
            if (period.TestFrom.DayNumber - period.TrainTo.DayNumber <= derive.DelayDays)
                reader.Fault("split", $"test.from must lie more than {derive.DelayDays} days after train.to: a fraud is known only after that delay");
            if (derive.DayOf(period.TrainFrom) < derive.HistoryDays)
                reader.Fault("split", $"train.from must lie at least {derive.HistoryDays} days after derive.start: the first features look back so far");
        }
        else if (contract.Derive is not null) reader.Fault("split", "must be of kind period where features are derived: any other would train on days that come after those it tests on");
        else if (contract.Split is SplitRule.Period) reader.Fault("split", "of kind period needs derive, which says what the days count from");
    }

    private static string Header(DocumentReader reader, string key)
    {
        var name = reader.Text(key, 120);
        if (reader.Has(key) && name.Length == 0) reader.Fault(key, "must not be empty");
        return name.Length == 0 ? $"({key})" : name;
    }

    private static ImmutableArray<int> Windows(DocumentReader reader)
    {
        var windows = reader.Texts("windows").Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 0).ToImmutableArray();
        var ascending = windows.Zip(windows.Skip(1)).All(pair => pair.First < pair.Second);
        if (windows.Length is >= 1 and <= MostWindows && ascending && windows[0] >= 1 && windows[^1] <= MostDays) return windows;
        reader.Fault("windows", $"must be 1 to {MostWindows} ascending numbers of days, each from 1 to {MostDays}");
        return [1];
    }

    private static DateOnly Day(DocumentReader reader, string key)
    {
        var text = reader.Text(key, 10);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 2100) return day;
        if (text.Length > 0) reader.Fault(key, "must be a day from 1970 to 2099, written like 2018-07-25");
        return new DateOnly(2000, 1, 1);
    }
}
