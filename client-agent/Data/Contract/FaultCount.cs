using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>Counts faults by part, column and kind; keeps nothing else of the rows that have them.</summary>
internal sealed class FaultCount(DatasetContract contract)
{
    /// <summary>Faults that are listed one by one; the rest is a number, so that a wrong file gives a page and not a book.</summary>
    public const int MostListed = 100;

    private readonly Dictionary<(DatasetPart Part, string Column, DatasetFaultKind Kind), long> _counts = [];

    public bool Any => _counts.Count > 0;

    public void Add(string? column, DatasetFaultKind kind, long rows = 1, DatasetPart part = DatasetPart.Whole) =>
        _counts[(part, column ?? "", kind)] = _counts.GetValueOrDefault((part, column ?? "", kind)) + rows;

    public DatasetReading.Refused Refuse()
    {
        var order = new Dictionary<string, int>();
        foreach (var column in contract.Columns) order.TryAdd(column.Name, order.Count);
        var sorted = _counts
            .OrderBy(fault => fault.Key.Part)
            .ThenBy(fault => fault.Key.Column.Length == 0 ? -1 : order.GetValueOrDefault(fault.Key.Column, int.MaxValue))
            .ThenBy(fault => fault.Key.Column, StringComparer.Ordinal)
            .ThenBy(fault => fault.Key.Kind)
            .Select(fault => new DatasetFault(fault.Key.Column.Length == 0 ? null : fault.Key.Column, fault.Key.Kind, fault.Value, fault.Key.Part))
            .ToList();
        var more = sorted.Count - MostListed;
        return new([.. sorted.Take(MostListed), .. more > 0 ? ImmutableArray.Create(new DatasetFault(null, DatasetFaultKind.MoreFaults, more)) : []]);
    }
}
