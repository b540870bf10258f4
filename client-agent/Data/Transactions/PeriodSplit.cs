using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>What a transaction is for.</summary>
internal enum TransactionUse
{
    /// <summary>Only others' features look back to it.</summary>
    Past,
    Train,
    Test,
    /// <summary>Would test, but its card is known as defrauded by then: a bank has blocked it.</summary>
    Known,
}

/// <summary>Splits transactions by their day, as the contract says.</summary>
internal sealed class PeriodSplit
{
    private readonly int _trainFrom, _trainTo, _testFrom, _testTo, _delay;
    private readonly int[] _firstFraud;

    public PeriodSplit(TransactionStream stream, TransactionFeatures derive, SplitRule.Period period)
    {
        (_trainFrom, _trainTo) = (derive.DayOf(period.TrainFrom), derive.DayOf(period.TrainTo));
        (_testFrom, _testTo, _delay) = (derive.DayOf(period.TestFrom), derive.DayOf(period.TestTo), derive.DelayDays);
        _firstFraud = new int[stream.Customers];
        Array.Fill(_firstFraud, int.MaxValue);
        foreach (var row in stream.Rows)
            if (row.IsOwn && row.Fraud && row.Day >= _trainFrom) _firstFraud[row.Customer] = Math.Min(_firstFraud[row.Customer], row.Day);
    }

    public TransactionUse Of(Transaction row)
    {
        if (!row.IsOwn) return TransactionUse.Past;
        var day = row.Day;
        if (day >= _trainFrom && day <= _trainTo) return TransactionUse.Train;
        if (day < _testFrom || day > _testTo) return TransactionUse.Past;
        return _firstFraud[row.Customer] < day - _delay ? TransactionUse.Known : TransactionUse.Test;
    }
}
