using CsvHelper;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Csv;

/// <summary>Reads a CSV file with a header row. The file is read twice, first to check and measure, then to fill exactly sized arrays.</summary>
/// <param name="path">The file, on this machine.</param>
/// <param name="limits">Bounds on what is read.</param>
public sealed class CsvConnector(string path, CsvLimits limits) : IDataConnector
{
    /// <summary>As the other, with the usual limits.</summary>
    public CsvConnector(string path) : this(path, CsvLimits.Usual) { }

    /// <inheritdoc/>
    public Task<DatasetReading> Read(DatasetContract contract, CancellationToken cancellationToken) =>
        Task.Run(() => ReadFile(contract, cancellationToken), cancellationToken); // parsing is work for a processor, not waiting

    private DatasetReading ReadFile(DatasetContract contract, CancellationToken cancellationToken)
    {
        var faults = new FaultCount(contract);
        try
        {
            return Survey(contract, faults, cancellationToken) is { } survey && Fill(contract, survey, faults, cancellationToken) is { } ready
                ? ready
                : faults.Refuse();
        }
        catch (CsvFormatException) // its message may hold values of the row
        {
            faults.Add(null, DatasetFaultKind.RowTooLong, 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(null, DatasetFaultKind.FileMissing, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(null, DatasetFaultKind.FileUnreadable, 0);
        }
        return faults.Refuse();
    }

    private TableSurvey? Survey(DatasetContract contract, FaultCount faults, CancellationToken cancellationToken)
    {
        var survey = new TableSurvey(contract);
        Walk(contract, faults, survey.Add, cancellationToken, out var source);
        if (source is { } digest) survey.Finish(digest, faults);
        return faults.Any ? null : survey;
    }

    private DatasetReading.Ready? Fill(DatasetContract contract, TableSurvey survey, FaultCount faults, CancellationToken cancellationToken)
    {
        var table = new TableFill(contract, survey, faults);
        Walk(contract, faults, table.Add, cancellationToken, out var source);
        if (source != survey.Source) faults.Add(null, DatasetFaultKind.FileChanged, 0);
        return faults.Any ? null : new DatasetReading.Ready(table.Examples, survey.Summary);
    }

    /// <summary>One reading of the file. <paramref name="take"/> says whether to go on; the digest is null when the end was not reached.</summary>
    private void Walk(
        DatasetContract contract, FaultCount faults, Func<RowUse, RowReader, bool> take, CancellationToken cancellationToken, out Domain.Encoding.Digest? source)
    {
        source = null;
        using var rows = new CsvRows(path, limits.LongestRow);
        if (!rows.Next())
        {
            faults.Add(null, DatasetFaultKind.EmptyFile, 0);
            return;
        }
        CheckForm(rows, rows.Count, faults);
        var at = TableColumns.Find(contract, [.. Enumerable.Range(0, rows.Count).Select(i => rows.Cell(i).ToString())], faults);
        if (faults.Any) return;
        var reader = new RowReader(contract, at, faults);
        for (var count = 0L; rows.Next(); count++)
        {
            if (count % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            if (count == limits.MostRows)
            {
                faults.Add(null, DatasetFaultKind.FileTooLarge, limits.MostRows);
                return;
            }
            if (CheckForm(rows, at.Count, faults) && !take(reader.Read(rows), reader)) return;
        }
        source = rows.Finish();
    }

    private static bool CheckForm(CsvRows rows, int cells, FaultCount faults)
    {
        var isText = rows.IsText;
        if (!isText) faults.Add(null, DatasetFaultKind.NotUtf8);
        var isFormed = !rows.Malformed && rows.Count == cells;
        if (!isFormed) faults.Add(null, DatasetFaultKind.MalformedCsv);
        return isText && isFormed;
    }
}
