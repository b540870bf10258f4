using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>Where each stream of a batch goes on, appends that were already placed in the batch included.</summary>
internal sealed class StreamPositions
{
    private readonly LedgerDbContext _database;
    private readonly Dictionary<string, StreamRow> _rows;

    private StreamPositions(LedgerDbContext database, Dictionary<string, StreamRow> rows) => (_database, _rows) = (database, rows);

    public static async Task<StreamPositions> Load(LedgerDbContext database, IEnumerable<QueuedAppend> batch)
    {
        var names = batch.SelectMany(append => append.Leaves).Select(leaf => leaf.Stream).Distinct().ToList();
        return new StreamPositions(database, await database.Streams.Where(s => names.Contains(s.Name)).ToDictionaryAsync(s => s.Name));
    }

    /// <summary>Places an append, or says why it cannot be placed; then the positions are as before.</summary>
    public StaleStreamException? Place(QueuedAppend append)
    {
        var next = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var leaf in append.Leaves)
        {
            var at = next.TryGetValue(leaf.Stream, out var within) ? within : _rows.TryGetValue(leaf.Stream, out var row) ? row.Next : 0;
            if (leaf.Pending.Sequence != at) return new StaleStreamException(leaf.Stream, leaf.Pending.Sequence, at);
            next[leaf.Stream] = at + 1;
        }
        foreach (var (stream, position) in next)
        {
            if (_rows.TryGetValue(stream, out var row)) row.Next = position;
            else _database.Streams.Add(_rows[stream] = new StreamRow { Name = stream, Next = position });
        }
        return null;
    }
}
