using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>Where the contract's columns stand in a table.</summary>
/// <param name="Count">Cells of a row.</param>
/// <param name="Features">Index of each feature column.</param>
/// <param name="Label">Index of the label; -1 when the rows have none.</param>
/// <param name="Split">Index of the split column; -1 when the rule needs none.</param>
internal sealed record TableColumns(int Count, int[] Features, int Label, int Split)
{
    /// <summary>Finds them; what is missing or doubled is counted as a fault, and the result is then not to be used.</summary>
    /// <param name="contract">Which columns.</param>
    /// <param name="header">The table's.</param>
    /// <param name="labelled">Whether label and split are needed: rows to predict for have none.</param>
    /// <param name="faults">Counts what is missing or doubled.</param>
    public static TableColumns Find(DatasetContract contract, string[] header, bool labelled, FaultCount faults)
    {
        var by = labelled ? contract.Split as SplitRule.ByColumn : null;
        var at = Positions(header, [.. contract.Columns.Select(column => column.Name), .. labelled ? [contract.Label.Name] : Array.Empty<string>(), .. by is null ? [] : new[] { by.Name }], faults);
        var features = contract.Columns.Length;
        return new(header.Length, at[..features], labelled ? at[features] : -1, by is null ? -1 : at[^1]);
    }

    /// <summary>Where columns stand, -1 for one that is missing or doubled, which is counted.</summary>
    public static int[] Positions(string[] header, IEnumerable<string> names, FaultCount faults)
    {
        var positions = header.Select((name, at) => (Name: name.Trim(), at)).ToLookup(column => column.Name, column => column.at);
        return [.. names.Select(name =>
        {
            var found = positions[name].ToList();
            if (found.Count == 1) return found[0];
            faults.Add(name, found.Count == 0 ? DatasetFaultKind.MissingColumn : DatasetFaultKind.DuplicateColumn, 0);
            return -1;
        })];
    }
}
