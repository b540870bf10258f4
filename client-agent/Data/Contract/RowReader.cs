using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>Reads one row after another into numbers and levels, counting faults. A row that is dropped is not looked at further.</summary>
internal sealed class RowReader
{
    private readonly DatasetContract _contract;
    private readonly TableColumns _at;
    private readonly FaultCount _faults;
    private readonly LevelIndex?[] _levels;
    private readonly LevelIndex? _classes;
    private readonly List<(string Column, DatasetFaultKind Kind)> _found = [];
    private long _kept;

    public RowReader(DatasetContract contract, TableColumns at, FaultCount faults)
    {
        (_contract, _at, _faults) = (contract, at, faults);
        Values = new double[contract.Columns.Length];
        _levels = [.. contract.Columns.Select(c => c is FeatureColumn.Category category ? new LevelIndex(category.Levels) : null)];
        _classes = contract.Label is LabelColumn.Classes classes ? new LevelIndex(classes.Levels) : null;
    }

    /// <summary>Of the row last read, for each feature column: the number, or the index of the level; NaN where it is to be filled.</summary>
    public double[] Values { get; }

    /// <summary>Label of the row last read.</summary>
    public int Label { get; private set; }

    public RowUse Read(CsvRows row)
    {
        _found.Clear();
        for (var i = 0; i < Values.Length; i++)
        {
            var column = _contract.Columns[i];
            var cell = row.Cell(_at.Features[i]);
            var level = 0;
            if (_levels[i]?.TryFind(cell, out level) == true) Values[i] = level;
            else if (Cells.IsMissing(cell))
            {
                if (column.Missing == MissingRule.DropRow) return RowUse.Dropped;
                if (column.Missing == MissingRule.Refuse) _found.Add((column.Name, DatasetFaultKind.MissingValue));
                Values[i] = double.NaN;
            }
            else if (column is FeatureColumn.Number number) ReadNumber(number, cell, out Values[i]);
            else _found.Add((column.Name, DatasetFaultKind.UnknownLevel));
        }
        if (_at.Label >= 0 && !ReadLabel(row.Cell(_at.Label))) return RowUse.Dropped;
        var use = _at.Label >= 0 ? Split(row) : RowUse.Test;   // nobody trains on rows without a label
        foreach (var (column, kind) in _found) _faults.Add(column, kind);
        return _found.Count > 0 ? RowUse.Faulty : use;
    }

    private void ReadNumber(FeatureColumn.Number column, ReadOnlySpan<char> cell, out double value)
    {
        var fault = Cells.ReadNumber(cell, out value);
        if (fault is null && (value < column.Min || value > column.Max)) fault = DatasetFaultKind.OutOfRange;
        if (fault is { } kind) _found.Add((column.Name, kind));
    }

    private bool ReadLabel(ReadOnlySpan<char> cell)
    {
        var label = 0;
        if (_classes?.TryFind(cell, out label) == true) { }
        else if (Cells.IsMissing(cell))
        {
            if (_contract.Label.Missing == MissingRule.DropRow) return false;
            _found.Add((_contract.Label.Name, DatasetFaultKind.MissingValue));
        }
        else if (_contract.Label is LabelColumn.Binary binary)
        {
            if (Cells.ReadNumber(cell, out var value) is { } kind) _found.Add((binary.Name, kind));
            else label = value > binary.PositiveAbove ? 1 : 0;
        }
        else _found.Add((_contract.Label.Name, DatasetFaultKind.UnknownLevel));
        Label = label;
        return true;
    }

    private RowUse Split(CsvRows row)
    {
        var index = _kept++;
        if (_contract.Split is SplitRule.Every every)
            return Math.Floor((index + 1) * every.TestFraction) > Math.Floor(index * every.TestFraction) ? RowUse.Test : RowUse.Train;
        var by = (SplitRule.ByColumn)_contract.Split;
        var word = row.Cell(_at.Split);
        if (word.SequenceEqual(by.Train)) return RowUse.Train;
        if (word.SequenceEqual(by.Test)) return RowUse.Test;
        _found.Add((by.Name, DatasetFaultKind.UnknownSplitValue));
        return RowUse.Faulty;
    }
}
