using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>Mean and spread of each feature column over the training rows, gathered in one pass in double.</summary>
/// <remarks>Welford, Technometrics 4(3), 1962: a constant column has a spread of exactly 0, which a sum of squares would not give.</remarks>
internal sealed class ColumnStatistics(DatasetContract contract)
{
    private const double Epsilon = 1e-9;

    private readonly long[] _present = new long[contract.Columns.Length];
    private readonly double[] _means = new double[contract.Columns.Length];
    private readonly double[] _squares = new double[contract.Columns.Length];
    private readonly long[]?[] _levels = [.. contract.Columns.Select(c => c is FeatureColumn.Category category ? new long[category.Levels.Length] : null)];
    private long _rows;

    public void Add(double[] values)
    {
        _rows++;
        for (var i = 0; i < values.Length; i++)
        {
            if (_levels[i] is { } counts) counts[double.IsNaN(values[i]) ? 0 : (int)values[i]]++;
            else if (!double.IsNaN(values[i]))
            {
                var off = values[i] - _means[i];
                _means[i] += off / ++_present[i];
                _squares[i] += off * (values[i] - _means[i]);
            }
        }
    }

    /// <summary>Columns that are to be filled and have nothing to be filled with.</summary>
    public IEnumerable<string> Unfillable => contract.Columns
        .Where((column, i) => column is FeatureColumn.Number { Missing: MissingRule.Fill } && _present[i] == 0)
        .Select(column => column.Name);

    /// <summary>Writes a row's inputs.</summary>
    /// <returns>-1, or the index of a column whose input is not finite in single precision.</returns>
    public int Write(double[] values, Span<float> inputs)
    {
        var (next, bad) = (0, -1);
        for (var i = 0; i < values.Length; i++)
        {
            if (contract.Columns[i] is FeatureColumn.Category category)
            {
                var level = double.IsNaN(values[i]) ? 0 : (int)values[i];
                for (var l = 1; l < category.Levels.Length; l++) inputs[next++] = OneHot(level == l ? 1 : 0, _levels[i]![l], category.Normalise);
                continue;
            }
            var value = double.IsNaN(values[i]) ? _means[i] : values[i];
            // Filled values sit on the mean: they add rows but no squares.
            inputs[next] = ((FeatureColumn.Number)contract.Columns[i]).Normalise switch
            {
                Normalisation.Fixed by => (float)((value - by.Mean) / by.Std),
                Normalisation.OwnRows  => Normal(value, _means[i], _squares[i]),
                _                      => (float)value,
            };
            if (!float.IsFinite(inputs[next++])) bad = i;
        }
        return bad;
    }

    private float OneHot(int value, long ones, bool normalise) => normalise
        ? Normal(value, (double)ones / _rows, (double)ones * (_rows - ones) / _rows)
        : value;

    private float Normal(double value, double mean, double squares) =>
        (float)((value - mean) / (Math.Sqrt(_rows > 1 ? squares / (_rows - 1) : 0) + Epsilon));
}
