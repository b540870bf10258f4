using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>Facts that stand or fall together, encoded by the caller's thread so that the writer has only to place them.</summary>
internal sealed class QueuedAppend
{
    // Continuations run elsewhere: the writer's thread writes.
    private readonly TaskCompletionSource<ImmutableArray<RecordedEvent>> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private QueuedAppend(ImmutableArray<PreparedLeaf> leaves) => Leaves = leaves;

    public ImmutableArray<PreparedLeaf> Leaves { get; }

    public Task<ImmutableArray<RecordedEvent>> Durable => _durable.Task;

    /// <exception cref="FormatException">An event has no leaf: too long, a bad actor, a number that is not finite.</exception>
    public static QueuedAppend Of(EventCatalog catalog, ImmutableArray<PendingEvent> events) =>
        new([.. events.Select(pending => PreparedLeaf.Of(catalog, pending))]);

    public void Succeed(ImmutableArray<RecordedEvent> recorded) => _durable.TrySetResult(recorded);

    public void Fail(Exception why) => _durable.TrySetException(why);
}

/// <summary>One fact with its leaf.</summary>
internal sealed record PreparedLeaf(PendingEvent Pending, string Type, byte[] Bytes, Digest Hash, PrivatePart? Private)
{
    public string Stream => Pending.Event.Stream;

    public static PreparedLeaf Of(EventCatalog catalog, PendingEvent pending)
    {
        // No bytes are no JSON, and what a null array becomes on its way into a ReadOnlyMemory: both mean that there is nothing private.
        var part = pending.PrivatePart is { IsEmpty: false } content ? PrivatePart.Of(content) : null;
        var leaf = catalog.ToLeaf(pending.Event, pending.Sequence, pending.At, pending.Actor, part);
        var bytes = leaf.Encode();
        return new PreparedLeaf(pending, leaf.Type, bytes, MerkleHash.Leaf(bytes), part);
    }

    /// <summary>As it is read back: in UTC.</summary>
    public RecordedEvent At(long index) => new(index, Pending.Sequence, Pending.At.ToUniversalTime(), Pending.Actor, Pending.Event);
}
