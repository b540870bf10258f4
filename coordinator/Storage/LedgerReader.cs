using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage;

/// <summary>Reads the durable ledger beside its writer. Thread-safe; pages, so that a slow reader holds nothing open. Everything here throws
/// <see cref="LedgerUnavailableException"/> while the database is away.</summary>
public sealed class LedgerReader
{
    private const int Page = 500;
    private readonly IDbContextFactory<LedgerDbContext> _databases;
    private readonly EventCatalog _catalog;

    internal LedgerReader(IDbContextFactory<LedgerDbContext> databases, EventCatalog catalog) => (_databases, _catalog) = (databases, catalog);

    /// <summary>The events of one stream, in order.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadStream(string stream, long fromSequence, CancellationToken cancellationToken) =>
        Read(0, leaves => leaves.Where(l => l.Stream == stream && l.Sequence >= fromSequence), cancellationToken);

    /// <summary>The events of all streams whose name begins so (<c>round/heart-disease/</c>), in the ledger's order.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadStreamsWithPrefix(string prefix, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        // Names are ASCII in binary order: those with the prefix lie between it and its successor, where an index finds them.
        var end = prefix[..^1] + (char)(prefix[^1] + 1);
        return Read(0, leaves => leaves.Where(l => string.Compare(l.Stream, prefix) >= 0 && string.Compare(l.Stream, end) < 0), cancellationToken);
    }

    /// <summary>All events from a leaf on.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadAll(long fromIndex, CancellationToken cancellationToken) => Read(fromIndex, leaves => leaves, cancellationToken);

    /// <summary>At most <paramref name="count"/> leaves from <paramref name="from"/> on, as they are hashed.</summary>
    public Task<IReadOnlyList<(long Index, byte[] Leaf)>> ReadLeaves(long from, int count, CancellationToken cancellationToken) =>
        Leaves(leaves => leaves.Where(l => l.Index >= from), count, cancellationToken);

    /// <summary>At most <paramref name="most"/> leaves of the named streams with from ≤ index &lt; below, in the ledger's order.</summary>
    public Task<IReadOnlyList<(long Index, byte[] Leaf)>> ReadLeavesOf(
        IReadOnlyCollection<string> streams, long from, long below, int most, CancellationToken cancellationToken) =>
        Leaves(leaves => leaves.Where(l => streams.Contains(l.Stream) && l.Index >= from && l.Index < below), most, cancellationToken);

    /// <summary>The sequence that the next event of a stream will have.</summary>
    public Task<long> NextSequence(string stream, CancellationToken cancellationToken) => Ask(
        database => database.Streams.Where(s => s.Name == stream).Select(s => s.Next).SingleOrDefaultAsync(cancellationToken), cancellationToken);

    /// <summary>The hashes that show leaf <paramref name="index"/> in the tree of the first <paramref name="size"/> leaves. O(log n).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ index &lt; size ≤ the durable size.</exception>
    public async Task<ImmutableArray<Digest>> InclusionProof(long index, long size, CancellationToken cancellationToken) =>
        (await Compute(size, read => MerkleTree.ProveInclusion(index, size, read), cancellationToken)).Path;

    /// <summary>The hashes that show that the tree of <paramref name="to"/> leaves extends that of <paramref name="from"/>. O(log n).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ from ≤ to ≤ the durable size.</exception>
    public async Task<ImmutableArray<Digest>> ConsistencyProof(long from, long to, CancellationToken cancellationToken) =>
        (await Compute(to, read => MerkleTree.ProveConsistency(from, to, read), cancellationToken)).Path;

    private Task<T> Compute<T>(long size, Func<NodeReader, T> compute, CancellationToken cancellationToken) => Ask(async database =>
    {
        var durable = await database.Head.Select(h => h.Size).SingleOrDefaultAsync(cancellationToken);
        if (size < 0 || size > durable) throw new ArgumentOutOfRangeException(nameof(size), size, $"The ledger has {durable} leaves.");
        return await StoredNodes.Compute(database, compute, cancellationToken);
    }, cancellationToken);

    private Task<IReadOnlyList<(long Index, byte[] Leaf)>> Leaves(
        Func<IQueryable<LeafRow>, IQueryable<LeafRow>> which, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return Ask<IReadOnlyList<(long, byte[])>>(async database =>
        {
            var rows = await which(database.Leaves.AsNoTracking()).OrderBy(l => l.Index).Take(most).ToListAsync(cancellationToken);
            return [.. rows.Select(row => (row.Index, row.Data))];
        }, cancellationToken);
    }

    // A database that is away is no fault of who asks: they are told to come again, as they are when they write.
    private async Task<T> Ask<T>(Func<LedgerDbContext, Task<T>> question, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = await _databases.CreateDbContextAsync(cancellationToken);
            return await question(database);
        }
        catch (Exception broken) when (DatabaseFault.Is(broken))
        {
            throw DatabaseFault.Explain(broken);
        }
    }

    private async IAsyncEnumerable<RecordedEvent> Read(
        long from, Func<IQueryable<LeafRow>, IQueryable<LeafRow>> which, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var begin = from;
            var page = await Leaves(leaves => which(leaves).Where(l => l.Index >= begin), Page, cancellationToken);
            foreach (var (index, leaf) in page) yield return _catalog.FromLeaf(Leaf.Decode(leaf), index);
            if (page.Count < Page) yield break;
            from = page[^1].Index + 1;
        }
    }
}
