namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_crash_point(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : A_crash_point(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_crash_point(Provider.Postgres);

    private readonly LedgerBench _bench = new(provider);

    [Fact]
    public async Task strikes_once_at_the_nth_event_of_its_type_after_the_commit_and_before_anybody_is_told()
    {
        var (struck, told, durable) = (new List<long>(), 0, 0L);
        OpenLedger? open = null;
        var point = new CrashPoint("site-invited:2", () =>
        {
            durable = open!.Reader.NextSequence("site/north", CancellationToken.None).GetAwaiter().GetResult();
            struck.Add(told);
        });
        open = await _bench.Open(point);
        await using var _ = open;
        using var subscription = open.Ledger.Subscribe(events => told += events.Length);
        await open.Append(Facts.Long(0));
        await open.Append(Facts.Invited("north", 0));
        Assert.Empty(struck);
        await open.Append(Facts.Invited("north", 1), Facts.Invited("north", 2));
        await open.Append(Facts.Invited("north", 3), Facts.Invited("north", 4));
        Assert.Equal([2L], struck);
        Assert.Equal(3, durable);
    }

    [Theory]
    [InlineData("round-opened"), InlineData("round-opened:0"), InlineData("round-opened:x"), InlineData("a:1:2")]
    public void that_is_misspelt_is_refused(string setting) => Assert.Throws<ArgumentException>(() => new CrashPoint(setting, () => { }));

    [Fact]
    public void is_off_unless_it_is_set()
    {
        foreach (var nothing in new[] { null, "" }) new CrashPoint(nothing, () => Assert.Fail("It must not strike.")).After(["round-opened"]);
    }

    public void Dispose() => _bench.Dispose();
}
