using System.Runtime.InteropServices;
using DeepSeek.Federated.Data.Contract;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>The transactions of a site in the order of (time, id), each once: the same whatever order the file had.</summary>
internal sealed class TransactionStream
{
    private TransactionStream(Transaction[] rows, long duplicates)
    {
        (Rows, Duplicates) = (rows, duplicates);
        Customers = Renumber(rows, row => row.Customer, (row, number) => row with { Customer = number });
        Terminals = Renumber(rows, row => row.Terminal, (row, number) => row with { Terminal = number });
    }

    public Transaction[] Rows { get; }

    /// <summary>Rows that said again what another had said, and were left out.</summary>
    public long Duplicates { get; }

    /// <summary>Customers are numbered from 0 to here.</summary>
    public int Customers { get; }

    /// <summary>Terminals are numbered from 0 to here.</summary>
    public int Terminals { get; }

    /// <summary>Sorts them. Two rows of one id that differ are counted as a fault; the result is then not to be used.</summary>
    public static TransactionStream Of(List<Transaction> read, FaultCount faults)
    {
        var all = CollectionsMarshal.AsSpan(read);
        all.Sort((a, b) => a.Id.CompareTo(b.Id));
        var kept = 0;
        var conflicting = 0L;
        for (var from = 0; from < all.Length;)
        {
            var to = from + 1;
            var same = true;
            for (; to < all.Length && all[to].Id == all[from].Id; to++) same &= all[to] == all[from];
            if (!same) conflicting += to - from;
            all[kept++] = all[from];
            from = to;
        }
        if (conflicting > 0) faults.Add(null, DatasetFaultKind.ConflictingTransactions, conflicting);
        var rows = all[..kept].ToArray();
        Array.Sort(rows, (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Id.CompareTo(b.Id));
        return new(rows, all.Length - kept);
    }

    /// <summary>Numbers by first appearance in time: reading had numbered by the file's order.</summary>
    private static int Renumber(Transaction[] rows, Func<Transaction, int> number, Func<Transaction, int, Transaction> with)
    {
        var numbers = new Dictionary<int, int>();
        foreach (ref var row in rows.AsSpan())
        {
            if (number(row) == Transaction.Stranger) continue;
            if (!numbers.TryGetValue(number(row), out var next)) numbers.Add(number(row), next = numbers.Count);
            row = with(row, next);
        }
        return numbers.Count;
    }
}
