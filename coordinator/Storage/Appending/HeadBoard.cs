using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>Where the durable head hangs for all to read, and who is told when it moves.</summary>
internal sealed class HeadBoard(Action<Exception> onSubscriberFailure)
{
    private readonly Lock _lock = new();
    private ImmutableList<Subscription> _subscriptions = [];
    private volatile Posted _posted = new(new LedgerHead(0, MerkleHash.Empty, []));

    public LedgerHead Head => _posted.Head;

    public void Post(LedgerHead head)
    {
        var before = _posted;
        _posted = new Posted(head);
        before.Superseded.TrySetResult();
    }

    /// <summary>Nothing will be posted any more.</summary>
    public void Close(Exception why) => _posted.Superseded.TrySetException(why);

    public async Task<LedgerHead> WaitBeyond(long size, CancellationToken cancellationToken)
    {
        while (true)
        {
            var posted = _posted;
            if (posted.Head.Size > size) return posted.Head;
            await posted.Superseded.Task.WaitAsync(cancellationToken);
        }
    }

    public IDisposable Subscribe(Action<ImmutableArray<RecordedEvent>> told)
    {
        var subscription = new Subscription(this, told);
        lock (_lock) _subscriptions = _subscriptions.Add(subscription);
        return subscription;
    }

    public void Tell(ImmutableArray<RecordedEvent> recorded)
    {
        foreach (var subscription in _subscriptions)
        {
            try
            {
                subscription.Told(recorded);
            }
            catch (Exception broken) // a listener's fault is not the ledger's: what is durable is answered all the same
            {
                onSubscriberFailure(broken);
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock) _subscriptions = _subscriptions.Remove(subscription);
    }

    private sealed class Subscription(HeadBoard board, Action<ImmutableArray<RecordedEvent>> told) : IDisposable
    {
        public Action<ImmutableArray<RecordedEvent>> Told => told;

        public void Dispose() => board.Remove(this);
    }

    private sealed class Posted(LedgerHead head)
    {
        public LedgerHead Head => head;

        public TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
