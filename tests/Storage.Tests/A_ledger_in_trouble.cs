using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Storage.Appending;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_ledger_in_trouble(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : A_ledger_in_trouble(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_ledger_in_trouble(Provider.Postgres);

    private const string Zeros = "X'0000000000000000000000000000000000000000000000000000000000000000'";
    private readonly LedgerBench _bench = new(provider);

    [Fact]
    public async Task that_died_between_commit_and_answer_has_what_it_committed()
    {
        await using var dying = await _bench.Open();
        using var writer = new HeldWriter(dying.Ledger);
        var unanswered = dying.Append(Facts.Invited("north", 0));
        await writer.Held;

        Assert.False(unanswered.IsCompleted);
        dying.Databases.Cut();
        await using var next = await _bench.Open();
        Assert.Equal(1, next.Ledger.Head.Size);
        Assert.Equal("site/north", Assert.Single(await next.All()).Event.Stream);
    }

    [Fact]
    public async Task does_not_let_two_writers_fork_its_tree()
    {
        await using var first = await _bench.Open();
        first.Databases.Cut(); // PostgreSQL lets no second one in while the first has its session
        await using var second = await _bench.Open();
        await second.Append(Facts.Invited("north", 0));

        var waiting = first.Ledger.WaitBeyond(0, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => first.Append(Facts.Invited("south", 0)));
        Assert.Contains("Another coordinator", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => first.Ledger.Writing);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => first.Append(Facts.Invited("south", 0)));

        await second.Append(Facts.Invited("north", 1));
        Assert.Equal(2, (await second.All()).Count);
    }

    [Fact]
    public async Task fails_its_batch_on_a_full_disk_and_goes_on_when_there_is_space()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0));
        var before = open.Ledger.Head;

        open.Databases.DiskIsFull = true;
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Long(0)));
        Assert.Contains("disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, open.Ledger.Head);

        open.Databases.DiskIsFull = false;
        Assert.Equal(1, (await open.Append(Facts.Long(0)))[0].Index);
        await open.DisposeAsync();
        await using var again = await _bench.Open();
        Assert.Equal(2, again.Ledger.Head.Size);
    }

    [Fact]
    public async Task refuses_what_was_decided_upon_a_fact_that_was_lost()
    {
        await using var open = await _bench.Open();
        open.Databases.DiskIsFull = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Long(0)));
        open.Databases.DiskIsFull = false;
        await Assert.ThrowsAsync<StaleStreamException>(() => open.Append(Facts.Long(1)));
    }

    [Fact]
    public async Task goes_on_when_its_database_comes_back()
    {
        await using var open = await _bench.Open();
        open.Databases.Unreachable = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Invited("north", 0)));
        open.Databases.Unreachable = false;
        Assert.Equal(0, (await open.Append(Facts.Invited("north", 0)))[0].Index);
    }

    [Fact]
    public async Task counts_a_commit_that_was_durable_although_its_answer_was_lost()
    {
        await using var open = await _bench.Open();
        var told = 0;
        using var subscription = open.Ledger.Subscribe(events => told += events.Length);
        open.Databases.Commits.AfterNext = () => { };
        Assert.Equal(0, (await open.Append(Facts.Invited("north", 0)))[0].Index);
        Assert.Equal((1, 1), (told, open.Ledger.Head.Size));
        Assert.Equal(1, (await open.Append(Facts.Invited("north", 1)))[0].Index);
    }

    [Fact]
    public async Task tells_of_a_durable_commit_that_it_could_not_look_up_at_once()
    {
        await using var open = await _bench.Open();
        var told = new List<long>();
        using var subscription = open.Ledger.Subscribe(events => told.AddRange(events.Select(e => e.Index)));
        open.Databases.Commits.AfterNext = () => open.Databases.Unreachable = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Invited("north", 0)));
        Assert.Empty(told);

        open.Databases.Unreachable = false;
        await Assert.ThrowsAsync<StaleStreamException>(() => open.Append(Facts.Invited("north", 0)));
        await open.Append(Facts.Invited("north", 1));
        Assert.Equal([0L, 1], told);
    }

    [Fact]
    public async Task writes_no_batch_upon_a_head_that_is_not_the_stored_one()
    {
        await using (var open = await _bench.Open()) await open.Append(Facts.Invited("north", 0));
        await using var closed = _bench.Closed();
        await using var session = new WriterSession(closed.Databases);
        var batch = new Batch([QueuedAppend.Of(new EventCatalog(), [Facts.Invited("south", 0)])]);
        await Assert.ThrowsAsync<LedgerLostException>(() => new BatchCommit(session, closed.Signer).Write(batch, Frontier.Empty));
        Assert.Single(await closed.All());
    }

    [Theory]
    [InlineData("UPDATE head SET \"Root\" = " + Zeros, "its head says")]
    [InlineData("UPDATE head SET \"Size\" = 2", "counts 2 leaves and there are 3")]
    [InlineData("DELETE FROM head", "no head")]
    [InlineData("DELETE FROM leaves WHERE \"Index\" = 2", "there are 2")]
    [InlineData("DELETE FROM nodes WHERE \"Position\" = 4", "is missing")]
    [InlineData("UPDATE nodes SET \"Hash\" = " + Zeros + " WHERE \"Position\" = 4", "root")]
    [InlineData("UPDATE head SET \"Note\" = X'00'", "not signed")]
    public async Task that_was_changed_from_outside_is_refused(string change, string why)
    {
        await using (var open = await _bench.Open()) await open.Append(Facts.Invited("a", 0), Facts.Invited("b", 0), Facts.Invited("c", 0));
        var changed = _bench.Closed();
        changed.Databases.Execute(change);
        var refused = await Assert.ThrowsAsync<LedgerDamagedException>(() => changed.Ledger.Start(CancellationToken.None));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore", refused.Message, StringComparison.Ordinal);
        await changed.DisposeAsync();
    }

    [Fact]
    public async Task refuses_another_key_than_the_one_that_signed_it()
    {
        await using (var open = await _bench.Open()) await open.Append(Facts.Invited("north", 0));
        await using var other = _bench.Closed(seed: 8);
        var refused = await Assert.ThrowsAsync<LedgerDamagedException>(() => other.Ledger.Start(CancellationToken.None));
        Assert.Contains("ledger key", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();
}
