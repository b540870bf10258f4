using System.Collections.Immutable;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>
/// For every key and window length, how many transactions lie in (t - length, t] and the sum of a whole number over them. Each key's queue is a
/// chain through the rows, each window a place in it, and every row enters and leaves a window once: O(n) for n rows, with no rounding.
/// </summary>
/// <param name="rows">In the order of time.</param>
/// <param name="keys">Keys are numbered from 0 to here.</param>
/// <param name="key">A row's key.</param>
/// <param name="value">What is summed.</param>
/// <param name="days">Lengths.</param>
internal sealed class RollingSums(Transaction[] rows, int keys, Func<Transaction, int> key, Func<Transaction, long> value, ImmutableArray<int> days)
{
    private readonly int[] _next = new int[rows.Length];
    private readonly int[] _last = NoRows(keys);
    private readonly Window[] _windows = new Window[keys * days.Length];

    /// <summary>Takes the next row; each row once, in order.</summary>
    /// <returns>The windows that end with it, in the order of the lengths; valid until the next call.</returns>
    public ReadOnlySpan<Window> Add(int row)
    {
        var at = key(rows[row]);
        var windows = _windows.AsSpan(at * days.Length, days.Length);
        if (_last[at] >= 0) _next[_last[at]] = row;
        _last[at] = row;
        var now = rows[row].Time;
        for (var w = 0; w < windows.Length; w++) Move(ref windows[w], row, now - days[w] * Transaction.MicrosecondsADay);
        return windows;
    }

    private void Move(ref Window window, int added, long after)
    {
        if (window.Count++ == 0) window.First = added;
        window.Sum += value(rows[added]);
        for (; window.Count > 0 && rows[window.First].Time <= after; window.First = _next[window.First])
        {
            window.Count--;
            window.Sum -= value(rows[window.First]);
        }
    }

    private static int[] NoRows(int keys)
    {
        var last = new int[keys];
        Array.Fill(last, -1);
        return last;
    }

    /// <summary>A window of one key.</summary>
    internal struct Window
    {
        /// <summary>The oldest row in it.</summary>
        public int First;

        /// <summary>Rows in it.</summary>
        public long Count;

        /// <summary>Their sum: 128 bits hold a billion of the largest amounts.</summary>
        public Int128 Sum;
    }
}
