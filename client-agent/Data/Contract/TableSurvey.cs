using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>What the first reading of a table finds out.</summary>
internal sealed class TableSurvey(DatasetContract contract)
{
    /// <summary>Values that one array may hold: below 2 GiB of single precision.</summary>
    private const long MostValues = (1L << 29) - 1;

    private long _positive;

    public ColumnStatistics Statistics { get; } = new(contract);
    public long TrainRows { get; private set; }
    public long TestRows { get; private set; }
    public long DroppedRows { get; private set; }
    public Digest Source { get; private set; }

    public DatasetSummary Summary => new(
        TrainRows, TestRows, DroppedRows, contract.Label is LabelColumn.Binary && TrainRows > 0 ? (double)_positive / TrainRows : null, Source);

    public bool Add(RowUse use, RowReader row) => Add(use, row.Values, row.Label);

    public bool Add(RowUse use, double[] values, int label)
    {
        switch (use)
        {
            case RowUse.Train:
                TrainRows++;
                if (label > 0) _positive++;
                Statistics.Add(values);
                break;
            case RowUse.Test:
                TestRows++;
                break;
            case RowUse.Dropped:
                DroppedRows++;
                break;
            case RowUse.Faulty: // counted; the rest is read for the other faults
                break;
        }
        return true;
    }

    public void Finish(Digest source, FaultCount faults)
    {
        Source = source;
        var mostRows = MostValues / Math.Max(1, contract.FeatureCount);
        if (TrainRows > mostRows || TestRows > mostRows) faults.Add(null, DatasetFaultKind.FileTooLarge, mostRows);
        // With faults the number of training rows means nothing yet.
        if (faults.Any) return;
        if (TrainRows < Math.Max(1, contract.MinimumRows)) faults.Add(null, DatasetFaultKind.TooFewRows, TrainRows);
        else foreach (var column in Statistics.Unfillable) faults.Add(column, DatasetFaultKind.MissingValue, TrainRows);
    }
}
