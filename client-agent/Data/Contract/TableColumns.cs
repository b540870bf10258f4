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
        var positions = header.Select((name, at) => (Name: name.Trim(), at)).ToLookup(column => column.Name, column => column.at);
        int At(string name)
        {
            var found = positions[name].ToList();
            if (found.Count == 1) return found[0];
            faults.Add(name, found.Count == 0 ? DatasetFaultKind.MissingColumn : DatasetFaultKind.DuplicateColumn, 0);
            return -1;
        }
        return new(
            header.Length, [.. contract.Columns.Select(column => At(column.Name))], labelled ? At(contract.Label.Name) : -1,
            labelled && contract.Split is SplitRule.ByColumn by ? At(by.Name) : -1);
    }
}
