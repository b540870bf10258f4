using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>Reads raw rows into transactions, counting faults.</summary>
internal sealed class TransactionRows
{
    /// <summary>Largest amount: its millionths are exact in double, and a sum of a billion of them is in 128 bits.</summary>
    private const double MostAmount = 1e9;

    private static readonly DateOnly End = new(2100, 1, 1);

    private readonly TransactionFeatures _derive;
    private readonly FaultCount _faults;
    private readonly int[] _at;
    private readonly double _endSeconds;
    private readonly Numbering _customers = new(), _terminals = new();
    private bool _faulty;

    /// <param name="derive">The raw columns and the start.</param>
    /// <param name="at">Where the raw columns stand.</param>
    /// <param name="faults">Counts what is wrong.</param>
    public TransactionRows(TransactionFeatures derive, int[] at, FaultCount faults)
    {
        (_derive, _at, _faults) = (derive, at, faults);
        _endSeconds = derive.DayOf(End) * 86_400.0;
    }

    public List<Transaction> Read { get; } = [];

    /// <summary>Reads one row. With a fault anywhere it is not among <see cref="Read"/>; the others are read on, for their faults.</summary>
    public bool Add(CsvRows row)
    {
        _faulty = false;
        var id = Known(row.Cell(_at[0]), _derive.Id) ? TransactionId.Of(row.Cell(_at[0])) : default;
        var time = Number(row.Cell(_at[1]), _derive.Time, _endSeconds, DatasetFaultKind.ClockJump);
        var own = _derive.Own is not { } mark || Mark(row.Cell(_at[6]), mark);
        var customer = own ? Key(row.Cell(_at[2]), _derive.Customer, _customers) : Transaction.Stranger;
        var terminal = Key(row.Cell(_at[3]), _derive.Terminal, _terminals);
        var amount = own ? Number(row.Cell(_at[4]), _derive.Amount, MostAmount, DatasetFaultKind.OutOfRange) : 0;
        var fraud = Mark(row.Cell(_at[5]), _derive.Fraud);
        if (!_faulty) Read.Add(new Transaction(Micro(time), id, Micro(amount), customer, terminal, fraud));
        return true;
    }

    private bool Mark(ReadOnlySpan<char> cell, string column)
    {
        var value = Number(cell, column, 1, DatasetFaultKind.OutOfRange);
        if (value is > 0 and < 1) Fault(column, DatasetFaultKind.OutOfRange);
        return value == 1;
    }

    private int Key(ReadOnlySpan<char> cell, string column, Numbering numbering) => Known(cell, column) ? numbering.Of(cell) : 0;

    private bool Known(ReadOnlySpan<char> cell, string column)
    {
        if (!Cells.IsMissing(cell) && !IsNobody(cell)) return true;
        Fault(column, DatasetFaultKind.MissingValue);
        return false;
    }

    /// <summary>Words that stand for no id. Were they taken for one, the windows of strangers would flow together.</summary>
    private static bool IsNobody(ReadOnlySpan<char> cell) =>
        cell is "-1" || cell.Equals("unknown", StringComparison.OrdinalIgnoreCase) || cell.Equals("null", StringComparison.OrdinalIgnoreCase)
        || cell.Equals("none", StringComparison.OrdinalIgnoreCase) || cell.Equals("n/a", StringComparison.OrdinalIgnoreCase);

    private double Number(ReadOnlySpan<char> cell, string column, double most, DatasetFaultKind outside)
    {
        var value = 0.0;
        DatasetFaultKind? fault = Cells.IsMissing(cell) ? DatasetFaultKind.MissingValue : Cells.ReadNumber(cell, out value);
        if (fault is null && (value < 0 || value > most || (outside == DatasetFaultKind.ClockJump && value >= most))) fault = outside;
        if (fault is { } kind) Fault(column, kind);
        return fault is null ? value : 0;
    }

    private void Fault(string column, DatasetFaultKind kind)
    {
        _faulty = true;
        _faults.Add(column, kind);
    }

    /// <summary>Exact for what is written with at most six decimals.</summary>
    private static long Micro(double value) => (long)Math.Round(value * Transaction.Millionths);
}
