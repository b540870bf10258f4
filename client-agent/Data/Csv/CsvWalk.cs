using CsvHelper;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Csv;

/// <summary>A file and the bounds on what is read of it.</summary>
internal sealed record CsvFile(string Path, CsvLimits Limits);

/// <summary>Readings of a CSV file, row by row, in which whatever is wrong becomes a fault.</summary>
internal static class CsvWalk
{
    /// <summary>Does <paramref name="read"/>; what the file system or the format says against it is counted.</summary>
    public static T? Guarded<T>(FaultCount faults, Func<T?> read) where T : class
    {
        try
        {
            return read();
        }
        catch (CsvFormatException) // its message may hold values of the row
        {
            faults.Add(null, DatasetFaultKind.RowTooLong, 0);
        }
        catch (InvalidDataException)
        {
            faults.Add(null, DatasetFaultKind.MalformedGzip, 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(null, DatasetFaultKind.FileMissing, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(null, DatasetFaultKind.FileUnreadable, 0);
        }
        return null;
    }

    /// <summary>The first reading: is every row fit, and what are the training rows' statistics? Null when there are faults.</summary>
    public static TableSurvey? Survey(CsvFile file, DatasetContract contract, FaultCount faults, CancellationToken cancellationToken)
    {
        var survey = new TableSurvey(contract);
        Rows(file, contract, labelled: true, faults, survey.Add, cancellationToken, out var source);
        if (source is { } digest) survey.Finish(digest, faults);
        return faults.Any ? null : survey;
    }

    /// <summary>One reading of the file. <paramref name="take"/> says whether to go on; the digest is null when the end was not reached.</summary>
    public static void Rows(
        CsvFile file, DatasetContract contract, bool labelled, FaultCount faults, Func<RowUse, RowReader, bool> take, CancellationToken cancellationToken, out Domain.Encoding.Digest? source)
    {
        // Rows as they stand have no features over time and no days to split by.
        if (contract.Derive is not null)
        {
            faults.Add(null, DatasetFaultKind.WrongConnector, 0);
            source = null;
            return;
        }
        Table(file, faults, header =>
        {
            var reader = new RowReader(contract, TableColumns.Find(contract, header, labelled, faults), faults);
            return rows => take(reader.Read(rows), reader);
        }, cancellationToken, out source);
    }

    /// <summary>One reading of the file. <paramref name="open"/> sees the header and gives what takes the rows, which says whether to go on; with faults it is not used.</summary>
    public static void Table(
        CsvFile file, FaultCount faults, Func<string[], Func<CsvRows, bool>> open, CancellationToken cancellationToken, out Domain.Encoding.Digest? source)
    {
        source = null;
        using var rows = new CsvRows(file.Path, file.Limits.LongestRow);
        if (!rows.Next())
        {
            faults.Add(null, DatasetFaultKind.EmptyFile, 0);
            return;
        }
        CheckForm(rows, rows.Count, faults);
        string[] header = [.. Enumerable.Range(0, rows.Count).Select(i => rows.Cell(i).ToString())];
        var take = open(header);
        if (faults.Any) return;
        for (var count = 0L; rows.Next(); count++)
        {
            if (count % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            if (count == file.Limits.MostRows)
            {
                faults.Add(null, DatasetFaultKind.FileTooLarge, file.Limits.MostRows);
                return;
            }
            if (CheckForm(rows, header.Length, faults) && !take(rows)) return;
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
