namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_batch(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : A_batch(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_batch(Provider.Postgres);

    private readonly LedgerBench _bench = new(provider);

    [Fact]
    public async Task is_whatever_queued_while_the_one_before_was_written()
    {
        await using var open = await _bench.Open();
        using var writer = new HeldWriter(open.Ledger);
        var first = open.Append(Facts.Invited("north", 0));
        await writer.Held;
        var others = Enumerable.Range(0, 60).Select(i => open.Append(Facts.Invited($"site-{i}", 0))).ToList();
        writer.Release();
        await Task.WhenAll(others.Append(first));

        Assert.Equal(2, writer.Commits);
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (long)i), others.Select(o => o.Result[0].Index));
    }

    [Fact]
    public async Task places_appends_that_follow_each_other_before_any_is_durable()
    {
        await using var open = await _bench.Open();
        using var writer = new HeldWriter(open.Ledger);
        var first = open.Append(Facts.Invited("north", 0));
        await writer.Held;
        var followers = Enumerable.Range(1, 10).Select(i => open.Append(Facts.Invited("north", i))).ToList();
        writer.Release();
        await Task.WhenAll(followers.Append(first));
        Assert.Equal(2, writer.Commits);
    }

    [Fact]
    public async Task fails_a_stale_append_alone()
    {
        await using var open = await _bench.Open();
        using var writer = new HeldWriter(open.Ledger);
        var first = open.Append(Facts.Invited("north", 0));
        await writer.Held;
        var before = open.Append(Facts.Invited("east", 0));
        var stale = open.Append(Facts.Invited("west", 0), Facts.Invited("north", 0));
        var ahead = open.Append(Facts.Invited("north", 2));
        var after = open.Append(Facts.Invited("west", 0));
        writer.Release();

        await Task.WhenAll(first, before, after);
        Assert.Contains("'site/north' goes on at 1, not at 0", (await Assert.ThrowsAsync<StaleStreamException>(() => stale)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StaleStreamException>(() => ahead);
        Assert.Equal(["site/north", "site/east", "site/west"], (await open.All()).Select(e => e.Event.Stream));
    }

    [Fact]
    public async Task that_is_stale_as_a_whole_moves_nothing()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0));
        var before = open.Ledger.Head;
        using var writer = new HeldWriter(open.Ledger);
        await Assert.ThrowsAsync<StaleStreamException>(() => open.Append(Facts.Invited("north", 0)));
        Assert.Equal((before, 0), (open.Ledger.Head, writer.Commits));
    }

    public void Dispose() => _bench.Dispose();
}
