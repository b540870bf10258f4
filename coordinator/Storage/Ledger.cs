using System.Collections.Immutable;
using System.Threading.Channels;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Storage.Appending;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Storage;

/// <summary>The one writer of the federation's ledger: everything that happened goes through <see cref="Append"/>. Thread-safe.</summary>
/// <remarks>A batch is whatever queued while the fsync before it ran; there is no timer. Disposing writes what is queued, then ends.</remarks>
public sealed class Ledger : IAsyncDisposable
{
    private const int LargestBatch = 1024; // bounds a transaction; the rest is the next batch

    private readonly Channel<QueuedAppend> _queue = Channel.CreateUnbounded<QueuedAppend>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IDbContextFactory<LedgerDbContext> _databases;
    private readonly LedgerSigner _signer;
    private readonly EventCatalog _catalog;
    private readonly CrashPoint _crash;
    private readonly ILogger<Ledger> _logger;
    private readonly WriterSession _session;
    private readonly BatchCommit _commit;
    private readonly HeadBoard _board;
    private Frontier _frontier = Frontier.Empty; // the writer's own, and so is the next
    private Batch? _doubted;
    private Task _writing = Task.CompletedTask;

    internal Ledger(IDbContextFactory<LedgerDbContext> databases, LedgerSigner signer, EventCatalog catalog, CrashPoint crash, ILogger<Ledger> logger)
    {
        (_databases, _signer, _catalog, _crash, _logger) = (databases, signer, catalog, crash, logger);
        _session = new WriterSession(databases);
        _commit = new BatchCommit(_session, signer);
        _board = new HeadBoard(_logger.ListenerFailed);
    }

    /// <summary>Size, root and signed note as of the last durable commit; the empty tree without a note before <see cref="Start"/>.</summary>
    public LedgerHead Head => _board.Head;

    /// <summary>Ends when the writer does; faulted when another writer took the ledger, after which nothing can be appended here any more.</summary>
    public Task Writing => _writing;

    /// <summary>Brings the database to this program's schema, checks the stored head and begins to write. Once, before anything is appended.</summary>
    /// <exception cref="LedgerDamagedException">The database is not what this coordinator wrote. The message names the mend.</exception>
    /// <exception cref="LedgerUnavailableException">The database cannot be opened, is another coordinator's, or belongs to a newer program.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        try
        {
            await using var database = await _session.Open(cancellationToken);
            await LedgerSchema.Prepare(database, cancellationToken);
            var stored = await StoredHead.Load(database, _signer, cancellationToken);
            _frontier = stored.Frontier;
            _board.Post(stored.Head);
        }
        catch (Exception broken) when (DatabaseFault.Is(broken))
        {
            throw DatabaseFault.IsDamage(broken) ? LedgerDamagedException.Because(broken.Message) : DatabaseFault.Explain(broken);
        }
        _logger.Opened(Head.Size, Head.Root.ToString());
        _writing = Task.Run(Write, CancellationToken.None);
    }

    /// <summary>Writes facts, all or none. They are queued before this returns, in the order of the calls; the task ends when they are durable.</summary>
    /// <param name="events">At least one.</param>
    /// <param name="cancellationToken">Ends the waiting; what is queued is written all the same.</param>
    /// <exception cref="StaleStreamException">A sequence is not its stream's next.</exception>
    /// <exception cref="LedgerUnavailableException">The batch could not be written.</exception>
    /// <exception cref="FormatException">An event cannot be written as a leaf; thrown at once.</exception>
    public Task<ImmutableArray<RecordedEvent>> Append(ImmutableArray<PendingEvent> events, CancellationToken cancellationToken)
    {
        if (events.IsDefaultOrEmpty) throw new ArgumentException("There is nothing to append.", nameof(events));
        cancellationToken.ThrowIfCancellationRequested();
        var append = QueuedAppend.Of(_catalog, events);
        if (!_queue.Writer.TryWrite(append)) append.Fail(Ended());
        return append.Durable.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until more than <paramref name="size"/> leaves are durable.</summary>
    /// <exception cref="LedgerUnavailableException">The writer has ended.</exception>
    public Task<LedgerHead> WaitBeyond(long size, CancellationToken cancellationToken) => _board.WaitBeyond(size, cancellationToken);

    /// <summary>Calls back after each durable commit, in order, on the writer's thread and before the append is answered: who was answered finds every
    /// listener up to date. Must be quick. Whoever also reads the past subscribes first and takes each index once.</summary>
    public IDisposable Subscribe(Action<ImmutableArray<RecordedEvent>> committed) => _board.Subscribe(committed);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _session.DisposeAsync();
    }

    private async Task Write()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                var queued = new List<QueuedAppend>();
                while (queued.Count < LargestBatch && _queue.Reader.TryRead(out var append)) queued.Add(append);
                await WriteOrEnd(new Batch(queued));
            }
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var left)) left.Fail(Ended());
            _board.Close(Ended());
        }
    }

    private async Task WriteOrEnd(Batch batch)
    {
        try
        {
            await Write(batch);
        }
        catch (LedgerLostException lost)
        {
            _logger.WriterEnded(lost);
            var end = new LedgerUnavailableException(lost.Message, lost);
            batch.Fail(end);
            throw end;
        }
    }

    private async Task Write(Batch batch)
    {
        try
        {
            if (_doubted is { } earlier) await Settle(earlier);
            _doubted = batch;
            _frontier = await _commit.Write(batch, _frontier);
            Publish(batch);
        }
        catch (Exception broken) when (broken is not LedgerLostException) // the writer's outermost edge: the callers are told, the writer goes on
        {
            _logger.BatchFailed(broken, batch.Queued.Count);
            if (_doubted != batch || !await IsSettled(batch)) batch.Fail(DatabaseFault.Explain(broken));
        }
    }

    private void Publish(Batch durable)
    {
        _doubted = null;
        if (durable.Intended is { } head)
        {
            _crash.After(durable.Leaves.Select(leaf => leaf.Type));
            _board.Post(head);
            _board.Tell(durable.Recorded);
        }
        durable.Answer();
    }

    private async Task<bool> IsSettled(Batch doubted)
    {
        try
        {
            return await Settle(doubted);
        }
        catch (Exception gone) when (gone is not LedgerLostException) // not even readable: in doubt until the next batch asks again
        {
            _logger.BatchFailed(gone, doubted.Queued.Count);
            return false;
        }
    }

    /// <summary>A commit that failed may be durable all the same: only the database knows. The tree's edge is taken from there again.</summary>
    private async Task<bool> Settle(Batch doubted)
    {
        var stored = await Look();
        var durable = doubted.Intended is { } intended && stored.Head.IsAt(intended.Size, intended.Root);
        if (!durable && !IsWhereItWas(stored)) throw new LedgerLostException(_frontier.Size);
        (_frontier, _doubted) = (stored.Frontier, null);
        if (durable) Publish(doubted);
        return durable;
    }

    /// <summary>Looks over the writer's own session, behind which nothing of a broken one can still become durable. Where another holds the lock, only a
    /// head that has moved tells a second coordinator from what is left of this one's last connection.</summary>
    private async Task<StoredHead> Look()
    {
        try
        {
            await using var own = await _session.Open(CancellationToken.None);
            return await StoredHead.Load(own, _signer, CancellationToken.None);
        }
        catch (LedgerTakenException)
        {
            await using var database = await _databases.CreateDbContextAsync();
            var stored = await StoredHead.Load(database, _signer, CancellationToken.None);
            if (IsWhereItWas(stored) || _doubted?.Intended is { } intended && stored.Head.IsAt(intended.Size, intended.Root)) throw;
            return stored;
        }
    }

    private bool IsWhereItWas(StoredHead stored) => stored.Head.IsAt(_frontier.Size, _frontier.Root);

    private static LedgerUnavailableException Ended() => new("The ledger's writer has ended. Start the coordinator again.", null);
}
