using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>What the second reading of a table fills, in the order of the rows.</summary>
internal sealed class TableFill
{
    private readonly ColumnStatistics _statistics;
    private readonly DatasetContract _contract;
    private readonly FaultCount _faults;
    private int _train, _test;

    public TableFill(DatasetContract contract, TableSurvey survey, FaultCount faults)
    {
        (_contract, _statistics, _faults) = (contract, survey.Statistics, faults);
        Examples = new(Empty((int)survey.TrainRows, contract.FeatureCount), Empty((int)survey.TestRows, contract.FeatureCount));
    }

    public SplitExamples Examples { get; }

    /// <summary>False when there are more rows than the survey saw: the file is another one by now.</summary>
    public bool Add(RowUse use, RowReader row) => Add(use, row.Values, row.Label);

    public bool Add(RowUse use, double[] values, int label) => use switch
    {
        RowUse.Train   => Add(Examples.Train, ref _train, values, label),
        RowUse.Test    => Add(Examples.Test, ref _test, values, label),
        RowUse.Dropped => true,
        RowUse.Faulty  => true,
    };

    private bool Add(Examples to, ref int next, double[] values, int label)
    {
        if (next == to.Count) return false;
        var bad = _statistics.Write(values, to.Features.AsSpan(next * to.Width, to.Width));
        if (bad >= 0) _faults.Add(_contract.Columns[bad].Name, DatasetFaultKind.OutOfRange);
        to.Labels[next++] = label;
        return true;
    }

    private static Examples Empty(int rows, int width) => new(rows, width, new float[rows * width], new int[rows]);
}
