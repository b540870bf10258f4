using System.Collections.Immutable;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>
/// Reads a stream of raw card transactions and computes its features over time. One reading of the file; the transactions lie in memory, some 50
/// bytes each, and two passes over them give statistics and examples. The order of the rows does not matter.
/// </summary>
/// <param name="path">A CSV file with a header row, plain or gzip, on this machine.</param>
/// <param name="limits">Bounds on what is read.</param>
public sealed class TransactionConnector(string path, CsvLimits limits) : IDataConnector
{
    private readonly CsvFile _file = new(path, limits);

    /// <summary>As the other, with 20 million rows of at most 64 KiB.</summary>
    public TransactionConnector(string path) : this(path, new CsvLimits(20_000_000, 64 * 1024)) { }

    /// <inheritdoc/>
    public Task<DatasetReading> Read(DatasetContract contract, CancellationToken cancellationToken) =>
        Task.Run(() => ReadFile(contract, cancellationToken), cancellationToken);

    private DatasetReading ReadFile(DatasetContract contract, CancellationToken cancellationToken)
    {
        var faults = new FaultCount(contract);
        if (contract is not { Derive: { } derive, Split: SplitRule.Period period })
        {
            faults.Add(null, DatasetFaultKind.WrongConnector, 0);
            return faults.Refuse();
        }
        var ready = CsvWalk.Guarded(faults, () =>
        {
            TransactionRows? rows = null;
            CsvWalk.Table(_file, faults, header => (rows = new(derive, TableColumns.Positions(header, derive.Raw, faults), faults)).Add, cancellationToken, out var source);
            if (faults.Any || rows is null || source is not { } digest) return null;
            var stream = TransactionStream.Of(rows.Read, faults);
            CheckHistory(stream, derive, period, faults);
            return faults.Any ? null : Learn(contract, new Course(stream, derive, new PeriodSplit(stream, derive, period)), digest, faults, cancellationToken);
        });
        return ready is not null && !faults.Any ? ready : faults.Refuse();
    }

    private static void CheckHistory(TransactionStream stream, TransactionFeatures derive, SplitRule.Period period, FaultCount faults)
    {
        // A window that is cut off counts too little, and looks to a model like a quiet card: refused, not warned of.
        var first = Array.FindIndex(stream.Rows, row => row.IsOwn);
        if (first >= 0 && stream.Rows[first].Day > derive.DayOf(period.TrainFrom) - derive.HistoryDays) faults.Add(null, DatasetFaultKind.HistoryTooShort, 0);
    }

    private static DatasetReading.Ready? Learn(DatasetContract contract, Course course, Digest source, FaultCount faults, CancellationToken cancellationToken)
    {
        var columns = contract.Columns.Select(column => course.Derive.Names.IndexOf(column.Name)).ToArray();
        var survey = new TableSurvey(contract);
        var (cards, known) = (ImmutableArray.CreateBuilder<CardDay>(), 0L);
        Walk(course, columns, (row, use, values) =>
        {
            if (use == TransactionUse.Known) known++;
            if (use is not (TransactionUse.Train or TransactionUse.Test)) return;
            for (var i = 0; i < columns.Length; i++)
                if (contract.Columns[i] is FeatureColumn.Number number && !(values[i] >= number.Min && values[i] <= number.Max)) faults.Add(number.Name, DatasetFaultKind.OutOfRange);
            if (use == TransactionUse.Test) cards.Add(new CardDay(row.Day, row.Customer));
            survey.Add(Use(use), values, row.Fraud ? 1 : 0);
        }, cancellationToken);
        survey.Finish(source, faults);
        if (faults.Any) return null;
        var table = new TableFill(contract, survey, faults);
        Walk(course, columns, (row, use, values) =>
        {
            if (use is TransactionUse.Train or TransactionUse.Test) table.Add(Use(use), values, row.Fraud ? 1 : 0);
        }, cancellationToken);
        return new(table.Examples, survey.Summary with { DuplicateRows = course.Stream.Duplicates, KnownRows = known }) { TestCards = cards.DrainToImmutable() };
    }

    private static void Walk(Course course, int[] columns, Action<Transaction, TransactionUse, double[]> take, CancellationToken cancellationToken)
    {
        var features = new FeatureStream(course.Stream, course.Derive);
        var values = new double[columns.Length];
        for (var count = 0L; features.Next(out var row); count++)
        {
            if (count % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++) values[i] = features.Values[columns[i]];
            take(row, course.Split.Of(row), values);
        }
    }

    private static RowUse Use(TransactionUse use) => use == TransactionUse.Train ? RowUse.Train : RowUse.Test;

    /// <summary>What one pass needs.</summary>
    private sealed record Course(TransactionStream Stream, TransactionFeatures Derive, PeriodSplit Split);
}
