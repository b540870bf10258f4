using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_ledger_reader(Provider provider) : IAsyncLifetime
{
    public sealed class On_SQLite() : A_ledger_reader(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_ledger_reader(Provider.Postgres);

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly LedgerBench _bench = new(provider);
    private OpenLedger _open = null!;

    public async ValueTask InitializeAsync()
    {
        _open = await _bench.Open();
        await _open.Append([.. Enumerable.Range(0, 13).Select(i => Facts.Invited(i % 3 == 0 ? "north" : "north-east", i % 3 == 0 ? i / 3 : i - i / 3 - 1))]);
    }

    [Fact]
    public async Task reads_one_stream_from_a_sequence_on()
    {
        var tail = await _open.Reader.ReadStream("site/north", 2, None).ToListAsync();
        Assert.Equal([(6L, 2L), (9, 3), (12, 4)], tail.Select(e => (e.Index, e.Sequence)));
        Assert.Equal(5, await _open.Reader.NextSequence("site/north", None));
        Assert.Equal(0, await _open.Reader.NextSequence("site/unknown", None));
    }

    [Fact]
    public async Task reads_the_streams_of_a_prefix_and_no_others()
    {
        await _open.Append(
            Facts.Submitted(Facts.Heart).Pending(0), Facts.Opened(Facts.Heart, 1).Pending(1),
            new Domain.Events.RoundEvent.SiteConsented(Facts.Heart, 1, Facts.North, Facts.Named("p"), "s").Pending(0),
            Facts.Submitted(new StudyId("heart-2")).Pending(0), Facts.Opened(new StudyId("heart-2"), 1).Pending(1),
            new Domain.Events.RoundEvent.SiteConsented(new StudyId("heart-2"), 1, Facts.North, Facts.Named("p"), "s").Pending(0));
        Assert.Equal([15L], (await _open.Reader.ReadStreamsWithPrefix("round/heart/", None).ToListAsync()).Select(e => e.Index));
        Assert.Equal([15L, 18], (await _open.Reader.ReadStreamsWithPrefix("round/", None).ToListAsync()).Select(e => e.Index));
        Assert.Equal(13, await _open.Reader.ReadStreamsWithPrefix("site/north", None).CountAsync());
    }

    [Fact]
    public async Task reads_leaves_by_range_and_by_stream()
    {
        Assert.Equal([4L, 5], (await _open.Reader.ReadLeaves(4, 2, None)).Select(l => l.Index));
        Assert.Equal([3L, 6], (await _open.Reader.ReadLeavesOf(["site/north", "study/none"], 1, 9, 10, None)).Select(l => l.Index));
        Assert.Equal([0L, 3], (await _open.Reader.ReadLeavesOf(["site/north"], 0, 13, 2, None)).Select(l => l.Index));
        Assert.Empty(await _open.Reader.ReadLeaves(13, 5, None));
    }

    [Fact]
    public async Task pages_without_losing_or_repeating()
    {
        await _open.Append([.. Enumerable.Range(0, 1030).Select(i => Facts.Invited("west", i))]);
        Assert.Equal(Enumerable.Range(0, 1043).Select(i => (long)i), (await _open.All()).Select(e => e.Index));
    }

    [Fact]
    public async Task proves_every_leaf_and_every_growth_from_stored_nodes()
    {
        var hashes = (await _open.Reader.ReadLeaves(0, 100, None)).Select(l => MerkleHash.Leaf(l.Leaf)).ToArray();
        var roots = Enumerable.Range(0, 14).Select(n => Frontier.Empty.Append(hashes.AsSpan(0, n)).Frontier.Root).ToArray();
        for (var size = 1; size <= 13; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var path = await _open.Reader.InclusionProof(index, size, None);
                Assert.True(new InclusionProof(index, size, path).Verify(hashes[index], roots[size]));
            }
            for (var from = 0; from <= size; from++)
            {
                var path = await _open.Reader.ConsistencyProof(from, size, None);
                Assert.True(new ConsistencyProof(from, size, path).Verify(roots[from], roots[size]));
            }
        }
        Assert.Equal(_open.Ledger.Head.Root, roots[13]);
    }

    [Fact]
    public async Task proves_nothing_beyond_the_durable_size()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _open.Reader.InclusionProof(0, 14, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _open.Reader.ConsistencyProof(1, 14, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _open.Reader.InclusionProof(13, 13, None));
    }

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        _bench.Dispose();
    }
}
