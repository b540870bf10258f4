using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_ledger(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : A_ledger(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_ledger(Provider.Postgres);

    private readonly LedgerBench _bench = new(provider);

    [Fact]
    public async Task begins_empty_and_signed()
    {
        await using var open = await _bench.Open();
        Assert.Equal((0, MerkleHash.Empty), (open.Ledger.Head.Size, open.Ledger.Head.Root));
        Assert.True(open.Signer.Signed(open.Ledger.Head));
    }

    [Fact]
    public async Task gives_back_after_a_restart_exactly_what_was_appended()
    {
        ImmutableArray<RecordedEvent> written;
        LedgerHead head;
        await using (var open = await _bench.Open())
        {
            var elsewhere = Facts.Invited("south", 0) with { At = Facts.Noon.ToOffset(TimeSpan.FromHours(2)), Actor = Actors.Operator("ada") };
            written = [.. await open.Append(Facts.Invited("north", 0), Facts.Invited("north", 1)), .. await open.Append(elsewhere)];
            head = open.Ledger.Head;
        }

        await using var again = await _bench.Open();
        Assert.Equal(written, await again.All());
        Assert.Equal([0L, 1, 2], written.Select(e => e.Index));
        Assert.Equal((head.Size, head.Root), (again.Ledger.Head.Size, again.Ledger.Head.Root));
        Assert.Equal(head.Note, again.Ledger.Head.Note);
        Assert.Equal(3, (await again.Append(Facts.Invited("north", 2)))[0].Index);
    }

    [Fact]
    public async Task signs_every_head_with_its_own_name_and_key()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0));
        Assert.True(SignedCheckpoint.TryParse(open.Ledger.Head.Note.AsSpan(), out var note) && note.TryOpen(open.Signer.PublicKey, out _));
        note.TryOpen(open.Signer.PublicKey, out var checkpoint);
        Assert.Equal(new Checkpoint("federation-of-tests", 1, open.Ledger.Head.Root), checkpoint);
    }

    [Fact]
    public async Task numbers_streams_and_leaves_without_a_gap_however_many_append_at_once()
    {
        await using var open = await _bench.Open();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(site => Task.Run(async () =>
        {
            for (var i = 0; i < 12; i++) await open.Append(Facts.Invited($"site-{site}", i));
        })));

        var all = await open.All();
        Assert.Equal(Enumerable.Range(0, 192).Select(i => (long)i), all.Select(e => e.Index));
        Assert.All(all.GroupBy(e => e.Event.Stream), s => Assert.Equal(Enumerable.Range(0, 12).Select(i => (long)i), s.Select(e => e.Sequence)));
        var leaves = await open.Reader.ReadLeaves(0, 1000, CancellationToken.None);
        var (frontier, _) = Frontier.Empty.Append(leaves.Select(l => MerkleHash.Leaf(l.Leaf)).ToArray());
        Assert.Equal((192, frontier.Root), (open.Ledger.Head.Size, open.Ledger.Head.Root));
    }

    [Fact]
    public async Task writes_all_of_an_append_or_nothing()
    {
        await using var open = await _bench.Open();
        await Assert.ThrowsAsync<StaleStreamException>(() => open.Append(Facts.Invited("north", 0), Facts.Invited("south", 1)));
        Assert.Equal(0, open.Ledger.Head.Size);
        Assert.Empty(await open.All());
    }

    [Fact]
    public async Task refuses_what_has_no_leaf_before_it_is_queued()
    {
        await using var open = await _bench.Open();
        Assert.Throws<FormatException>(() => { _ = open.Append(Facts.Invited("north", 0) with { Actor = "naïve" }); });
        Assert.Throws<ArgumentException>(() => { _ = open.Append(); });
        await open.Append(Facts.Invited("north", 0));
    }

    [Fact]
    public async Task tells_its_listeners_every_commit_in_order_and_before_the_answer()
    {
        await using var open = await _bench.Open();
        var told = new List<RecordedEvent>();
        using var broken = open.Ledger.Subscribe(_ => throw new InvalidOperationException("a listener's fault"));
        var subscription = open.Ledger.Subscribe(events => told.AddRange(events));
        for (var i = 0; i < 5; i++)
        {
            var recorded = await open.Append(Facts.Invited("north", i));
            Assert.Equal(recorded[0], told[^1]);
        }
        subscription.Dispose();
        await open.Append(Facts.Invited("north", 5));
        Assert.Equal(await open.All(), [.. told, (await open.All())[^1]]);
    }

    [Fact]
    public async Task wakes_who_waits_for_a_larger_size()
    {
        await using var open = await _bench.Open();
        var waiting = open.Ledger.WaitBeyond(1, CancellationToken.None);
        await open.Append(Facts.Invited("north", 0));
        Assert.False(waiting.IsCompleted);
        await open.Append(Facts.Invited("north", 1));
        Assert.Equal(2, (await waiting).Size);
        Assert.Equal(2, (await open.Ledger.WaitBeyond(0, CancellationToken.None)).Size);
        using var impatient = new CancellationTokenSource();
        var never = open.Ledger.WaitBeyond(2, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Fact]
    public async Task writes_what_is_queued_when_it_is_closed_and_nothing_after()
    {
        var open = await _bench.Open();
        var appends = Enumerable.Range(0, 50).Select(i => open.Append(Facts.Invited("north", i))).ToList();
        var waiting = open.Ledger.WaitBeyond(1000, CancellationToken.None);
        await open.DisposeAsync();
        await Task.WhenAll(appends);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Invited("north", 50)));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting);
    }

    public void Dispose() => _bench.Dispose();
}
