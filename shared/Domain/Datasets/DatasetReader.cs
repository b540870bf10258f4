using System.Collections.Immutable;
using System.Globalization;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Domain.Datasets;

/// <summary>Reads the <c>dataset</c> of a manifest.</summary>
internal static class DatasetReader
{
    private const int MostFeatures = 1_000_000;

    public static DatasetContract? Read(DocumentReader reader)
    {
        var name = reader.Text("name", 40);
        if (!Slug.Is(name)) reader.Fault("name", $"'{name}' is not a dataset name: {Slug.Rule}");
        var room = MostFeatures;   // counted while they are made: a line of text may ask for a million
        var columns = reader.Objects("columns", column => ReadColumns(column, ref room)).SelectMany(c => c).ToImmutableArray();
        if (columns.IsEmpty) reader.Fault("columns", "must name at least one feature column");
        if (room < 0) reader.Fault("columns", $"give more than {MostFeatures} features");
        var label = ReadLabel(reader.Object("label"));
        var split = ReadSplit(reader.Object("split"));
        var minimumRows = (int)reader.Integer("minimumRows", 1, int.MaxValue, 1);
        reader.Finish();

        var names = columns.Select(c => c.Name).Append(label?.Name ?? "").ToList();
        if (names.Distinct().Count() != names.Count) reader.Fault("columns", "name a column twice, or the label among the features");
        return label is null || split is null ? null : new DatasetContract(name, columns, label, split, minimumRows);
    }

    private static FeatureColumn[] ReadColumns(DocumentReader reader, ref int room)
    {
        var name = reader.Text("name", 120);
        if (name.Length == 0) reader.Fault("name", "must not be empty");
        var normalise = reader.Flag("normalise", true);
        var missing = reader.Word<MissingRule>("missing", MissingRule.DropRow);
        switch (reader.Text("kind", 20))
        {
            case "number":
                var (least, most) = (reader.Number("min", -1e300, 1e300), reader.Number("max", -1e300, 1e300));
                if (least > most) reader.Fault("min", "must not be above max");
                // An image's pixels and a signal's samples are one line of a manifest: name0, name1, ...
                var repeat = reader.Has("repeat") ? (int)reader.Integer("repeat", 1, MostFeatures) : 1;
                if (room < 0 || (room -= repeat) < 0) return [];
                if (!reader.Has("repeat")) return [new FeatureColumn.Number(name, least, most, normalise, missing)];
                return [.. Enumerable.Range(0, repeat).Select(i => new FeatureColumn.Number($"{name}{i}", least, most, normalise, missing))];
            case "category":
                var levels = Levels(reader);
                return room < 0 || (room -= Math.Max(0, levels.Length - 1)) < 0 ? [] : [new FeatureColumn.Category(name, levels, normalise, missing)];
            default:
                reader.Fault("kind", "must be number or category");
                return [];
        }
    }

    private static LabelColumn? ReadLabel(DocumentReader reader)
    {
        var name = reader.Text("name", 120);
        var missing = reader.Word<MissingRule>("missing", MissingRule.DropRow);
        if (missing == MissingRule.Fill) reader.Fault("missing", "a label cannot be filled: use drop-row or refuse");
        LabelColumn? label = reader.Text("kind", 20) switch
        {
            "binary"  => new LabelColumn.Binary(name, reader.Number("positiveAbove", -1e300, 1e300, 0), missing),
            "classes" => new LabelColumn.Classes(name, Levels(reader), missing),
            _         => null,
        };
        if (label is null) reader.Fault("kind", "must be binary or classes");
        reader.Finish();
        return label;
    }

    private static SplitRule? ReadSplit(DocumentReader reader)
    {
        SplitRule? split = reader.Text("kind", 20, "every") switch
        {
            "column" => new SplitRule.ByColumn(reader.Text("name", 120), reader.Text("train", 40, "train"), reader.Text("test", 40, "test")),
            "every"  => new SplitRule.Every(reader.Number("testFraction", 0.001, 0.9, 0.2)),
            _        => null,
        };
        if (split is null) reader.Fault("kind", "must be column or every");
        if (split is SplitRule.ByColumn { Train: var train, Test: var test } && train == test) reader.Fault("train", "must differ from test");
        reader.Finish();
        return split;
    }

    private static ImmutableArray<string> Levels(DocumentReader reader)
    {
        ImmutableArray<string> levels = [.. reader.Texts("levels").Select(l => l.Trim())];   // cells are trimmed too
        // 1 and 1.0 are one level to a table, so they are to a manifest.
        var different = levels.Select(l => double.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("R", CultureInfo.InvariantCulture) : l);
        if (levels.Length is < 2 or > 10_000 || different.Distinct().Count() != levels.Length) reader.Fault("levels", "must be 2 to 10,000 different values");
        return levels;
    }
}
