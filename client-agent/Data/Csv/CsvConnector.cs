using CsvHelper;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Csv;

/// <summary>Reads a CSV file with a header row. The file is read twice, first to check and measure, then to fill exactly sized arrays.</summary>
/// <param name="path">The file, on this machine.</param>
/// <param name="limits">Bounds on what is read.</param>
public sealed class CsvConnector(string path, CsvLimits limits) : IDataConnector
{
    private readonly CsvFile _file = new(path, limits);

    /// <summary>As the other, with the usual limits.</summary>
    public CsvConnector(string path) : this(path, CsvLimits.Usual) { }

    /// <inheritdoc/>
    public Task<DatasetReading> Read(DatasetContract contract, CancellationToken cancellationToken) =>
        Task.Run(() => ReadFile(contract, cancellationToken), cancellationToken); // parsing is work for a processor, not waiting

    private DatasetReading ReadFile(DatasetContract contract, CancellationToken cancellationToken)
    {
        var faults = new FaultCount(contract);
        var ready = CsvWalk.Guarded(faults, () => CsvWalk.Survey(_file, contract, faults, cancellationToken) is { } survey ? Fill(contract, survey, faults, cancellationToken) : null);
        return ready is not null && !faults.Any ? ready : faults.Refuse();
    }

    private DatasetReading.Ready Fill(DatasetContract contract, TableSurvey survey, FaultCount faults, CancellationToken cancellationToken)
    {
        var table = new TableFill(contract, survey, faults);
        CsvWalk.Rows(_file, contract, labelled: true, faults, table.Add, cancellationToken, out var source);
        if (source != survey.Source) faults.Add(null, DatasetFaultKind.FileChanged, 0);
        return new DatasetReading.Ready(table.Examples, survey.Summary);
    }
}
