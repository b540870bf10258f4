using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>What queued while the writer was busy, and what became of it.</summary>
internal sealed class Batch(IReadOnlyList<QueuedAppend> queued)
{
    private readonly List<(QueuedAppend Append, StaleStreamException Why)> _refused = [];
    private readonly List<(QueuedAppend Append, ImmutableArray<RecordedEvent> Recorded)> _placed = [];

    public IReadOnlyList<QueuedAppend> Queued { get; } = queued;

    /// <summary>The head this batch moves to; absent while nothing of it was placed.</summary>
    public LedgerHead? Intended { get; set; }

    public IEnumerable<PreparedLeaf> Leaves => _placed.SelectMany(p => p.Append.Leaves);

    public ImmutableArray<RecordedEvent> Recorded => [.. _placed.SelectMany(p => p.Recorded)];

    /// <summary>Gives every append its leaves' indices, in the order of the queue; an append that is stale harms none of its neighbours.</summary>
    public void Place(StreamPositions positions, long size)
    {
        foreach (var append in Queued)
        {
            if (positions.Place(append) is { } stale)
            {
                _refused.Add((append, stale));
                continue;
            }
            var first = size;
            _placed.Add((append, [.. append.Leaves.Select((leaf, i) => leaf.At(first + i))]));
            size += append.Leaves.Length;
        }
    }

    public void Answer()
    {
        foreach (var (append, recorded) in _placed) append.Succeed(recorded);
        foreach (var (append, why) in _refused) append.Fail(why);
    }

    public void Fail(Exception why)
    {
        foreach (var append in Queued) append.Fail(why);
    }
}
