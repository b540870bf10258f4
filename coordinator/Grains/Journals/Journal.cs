using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Grains.Journals;

/// <summary>What a grain remembers, and the one way to change it: decide, number, apply, enqueue — without a wait in between — then wait for the disk.</summary>
/// <remarks>
/// Departs from the rule that grains are not reentrant: many sites announce at once, and their facts shall share one fsync. It stays exact
/// because everything up to the enqueuing is synchronous, nothing is answered (not even a "no") before the facts it rests on are durable, and facts
/// queue up only behind facts of the same single stream: when one is lost, the ledger refuses those behind it by their sequence.
/// Used from one grain's scheduler only. After a failure the journal is useless and says so to its owner, which deactivates.
/// </remarks>
internal sealed class Journal<TState>(
    Ledger ledger, TimeProvider clock, TState beginning, Func<TState, LedgerEvent, DateTimeOffset, TState> apply, Action lost)
    where TState : class
{
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private string? _pendingStream;
    private Task _pending = Task.CompletedTask;

    /// <summary>The newest state; some of it may not be durable yet.</summary>
    public TState State { get; private set; } = beginning;

    /// <summary>The newest state that is durable: the only one to be shown.</summary>
    public TState Durable { get; private set; } = beginning;

    /// <summary>Leaves of the ledger up to the last one that <see cref="Durable"/> holds.</summary>
    public long DurableSize { get; private set; }

    /// <summary>The time for decisions: the clock, but never before the last fact, should the clock run backwards.</summary>
    public DateTimeOffset Now => clock.GetUtcNow() is var now && now > _last ? now : _last;

    /// <summary>Takes over what the ledger holds of the given streams.</summary>
    public void Replay(IEnumerable<RecordedEvent> recorded)
    {
        foreach (var leaf in recorded.OrderBy(e => e.Index))
        {
            if (leaf.Sequence != NextOf(leaf.Event.Stream))
                throw new InvalidOperationException($"Stream '{leaf.Event.Stream}' has a gap before {leaf.Sequence}: verify the ledger.");
            _next[leaf.Event.Stream] = leaf.Sequence + 1;
            State = apply(State, leaf.Event, leaf.At);
            (_last, DurableSize) = (leaf.At > _last ? leaf.At : _last, leaf.Index + 1);
        }
        Durable = State;
    }

    /// <summary>Asks the law and makes its answer durable.</summary>
    /// <param name="decide">The law: a pure function of state and time.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="privatePart">What stands beside the first fact, erasable.</param>
    /// <exception cref="FactNotWrittenException">The ledger did not take it, or did not take what it rests on.</exception>
    public async Task<Decision> Handle(Func<TState, DateTimeOffset, Decision> decide, string actor, ReadOnlyMemory<byte>? privatePart)
    {
        while (true)
        {
            if (_pending.IsFaulted) await _pending;
            var now = Now;
            var decision = decide(State, now);
            if (decision is not Decision.Accepted(var events))
            {
                await _pending;
                return decision;
            }
            if (!_pending.IsCompleted && (_pendingStream is null || events.Any(e => e.Stream != _pendingStream)))
            {
                await _pending;
                continue;   // the state may have moved meanwhile: ask again
            }
            await (_pending = Write(events, actor, now, privatePart));
            return decision;
        }
    }

    private Task Write(ImmutableArray<LedgerEvent> events, string actor, DateTimeOffset now, ReadOnlyMemory<byte>? privatePart)
    {
        var (after, next) = (State, new Dictionary<string, long>(StringComparer.Ordinal));
        var facts = ImmutableArray.CreateBuilder<PendingEvent>(events.Length);
        foreach (var happened in events)
        {
            var sequence = next.GetValueOrDefault(happened.Stream, NextOf(happened.Stream));
            facts.Add(new PendingEvent(happened, actor, now, sequence, facts.Count == 0 ? privatePart : null));
            next[happened.Stream] = sequence + 1;
            after = apply(after, happened, now);
        }
        // Past the point of no return: no token. What cannot be written as a leaf throws here, before anything of it is remembered.
        var append = ledger.Append(facts.MoveToImmutable(), CancellationToken.None);
        foreach (var (stream, sequence) in next) _next[stream] = sequence;
        (State, _last) = (after, now);
        _pendingStream = next.Count == 1 ? events[0].Stream : null;
        return Settle(append, after);
    }

    private async Task Settle(Task<ImmutableArray<RecordedEvent>> append, TState after)
    {
        try
        {
            var recorded = await append;
            if (recorded[^1].Index < DurableSize) return;
            (Durable, DurableSize) = (after, recorded[^1].Index + 1);
        }
        catch (Exception why) when (why is StaleStreamException or LedgerUnavailableException)
        {
            lost();
            throw new FactNotWrittenException(why.Message);
        }
    }

    private long NextOf(string stream) => _next.GetValueOrDefault(stream);
}
