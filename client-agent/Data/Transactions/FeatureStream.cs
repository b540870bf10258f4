using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>Computes the derived features of every transaction in one pass in the order of time.</summary>
internal sealed class FeatureStream
{
    private readonly Transaction[] _rows;
    private readonly TransactionFeatures _derive;
    private readonly RollingSums _customers, _terminals;
    private int _next;

    public FeatureStream(TransactionStream stream, TransactionFeatures derive)
    {
        (_rows, _derive) = (stream.Rows, derive);
        _customers = new RollingSums(_rows, stream.Customers, row => row.Customer, row => row.Amount, derive.Windows);
        // The delay alone comes first: what lies in it is taken from each longer window.
        _terminals = new RollingSums(
            _rows, stream.Terminals, row => row.Terminal, row => row.Fraud ? 1 : 0, [derive.DelayDays, .. derive.Windows.Select(w => derive.DelayDays + w)]);
        Values = new double[derive.Names.Length];
    }

    /// <summary>Of the transaction last taken, in the order of <see cref="TransactionFeatures.Names"/>.</summary>
    public double[] Values { get; }

    /// <summary>Goes on to the next transaction. Of another site's card no values are computed.</summary>
    public bool Next(out Transaction row)
    {
        row = default;
        if (_next == _rows.Length) return false;
        row = _rows[_next];
        Values[0] = (double)row.Amount / Transaction.Millionths;
        Values[1] = _derive.Start.AddDays(row.Day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0;
        Values[2] = row.Hour <= _derive.NightUntil ? 1 : 0;
        var at = 3;
        foreach (var window in row.IsOwn ? _customers.Add(_next) : [])
        {
            Values[at++] = window.Count;
            Values[at++] = (double)window.Sum / ((double)Transaction.Millionths * window.Count);
        }
        var delayed = _terminals.Add(_next++);
        if (!row.IsOwn) return true;
        for (var w = 1; w < delayed.Length; w++)
        {
            var (count, frauds) = (delayed[w].Count - delayed[0].Count, delayed[w].Sum - delayed[0].Sum);
            Values[at++] = count;
            Values[at++] = count == 0 ? 0 : (double)frauds / count;
        }
        return true;
    }
}
