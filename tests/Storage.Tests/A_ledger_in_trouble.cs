namespace DeepSeek.Federated.Storage.Tests;

public sealed class A_ledger_in_trouble : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string Path => _folder.File("ledger.db");

    [Fact]
    public async Task that_died_between_commit_and_answer_has_what_it_committed()
    {
        await using var dying = await OpenLedger.On(Path);
        using var writer = new HeldWriter(dying.Ledger);
        var unanswered = dying.Append(Facts.Invited("north", 0));
        await writer.Held;

        Assert.False(unanswered.IsCompleted);
        await using var next = await OpenLedger.On(Path);
        Assert.Equal(1, next.Ledger.Head.Size);
        Assert.Equal("site/north", Assert.Single(await next.All()).Event.Stream);
    }

    [Fact]
    public async Task does_not_let_two_writers_fork_its_tree()
    {
        await using var first = await OpenLedger.On(Path);
        await using var second = await OpenLedger.On(Path);
        await first.Append(Facts.Invited("north", 0));

        var waiting = second.Ledger.WaitBeyond(0, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => second.Append(Facts.Invited("south", 0)));
        Assert.Contains("Another coordinator", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => second.Ledger.Writing);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => second.Append(Facts.Invited("south", 0)));

        await first.Append(Facts.Invited("north", 1));
        Assert.Equal(2, (await first.All()).Count);
    }

    [Fact]
    public async Task fails_its_batch_on_a_full_disk_and_goes_on_when_there_is_space()
    {
        await using var open = await OpenLedger.On(Path);
        await open.Append(Facts.Invited("north", 0));
        var before = open.Ledger.Head;

        open.Databases.DiskIsFull = true;
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Long(0)));
        Assert.Contains("disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, open.Ledger.Head);

        open.Databases.DiskIsFull = false;
        Assert.Equal(1, (await open.Append(Facts.Long(0)))[0].Index);
        await open.DisposeAsync();
        await using var again = await OpenLedger.On(Path);
        Assert.Equal(2, again.Ledger.Head.Size);
    }

    [Fact]
    public async Task refuses_what_was_decided_upon_a_fact_that_was_lost()
    {
        await using var open = await OpenLedger.On(Path);
        open.Databases.DiskIsFull = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Long(0)));
        open.Databases.DiskIsFull = false;
        await Assert.ThrowsAsync<StaleStreamException>(() => open.Append(Facts.Long(1)));
    }

    [Fact]
    public async Task goes_on_when_its_database_comes_back()
    {
        await using var open = await OpenLedger.On(Path);
        open.Databases.Unreachable = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.Append(Facts.Invited("north", 0)));
        open.Databases.Unreachable = false;
        Assert.Equal(0, (await open.Append(Facts.Invited("north", 0)))[0].Index);
    }

    [Fact]
    public async Task counts_a_commit_that_was_durable_although_its_answer_was_lost()
    {
        await using var open = await OpenLedger.On(Path);
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
        await using var open = await OpenLedger.On(Path);
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
    public async Task says_what_is_wrong_with_a_file_that_is_no_ledger_or_cannot_be_made()
    {
        await File.WriteAllTextAsync(Path, string.Concat(Enumerable.Repeat("no database ", 1000)));
        await using var text = OpenLedger.Closed(Path);
        await Assert.ThrowsAsync<LedgerDamagedException>(() => text.Ledger.Start(CancellationToken.None));
        await using var nowhere = OpenLedger.Closed(_folder.File("no-such-folder/ledger.db"));
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => nowhere.Ledger.Start(CancellationToken.None));
        Assert.Contains("cannot be", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE head SET Root = zeroblob(32)", "its head says")]
    [InlineData("UPDATE head SET Size = 2", "counts 2 leaves and there are 3")]
    [InlineData("DELETE FROM head", "no head")]
    [InlineData("DELETE FROM leaves WHERE \"Index\" = 2", "there are 2")]
    [InlineData("DELETE FROM nodes WHERE Position = 4", "is missing")]
    [InlineData("UPDATE nodes SET Hash = zeroblob(32) WHERE Position = 4", "root")]
    [InlineData("UPDATE head SET Note = X'00'", "not signed")]
    public async Task that_was_changed_from_outside_is_refused(string change, string why)
    {
        await using (var open = await OpenLedger.On(Path)) await open.Append(Facts.Invited("a", 0), Facts.Invited("b", 0), Facts.Invited("c", 0));
        var changed = OpenLedger.Closed(Path);
        changed.Databases.Execute(change);
        var refused = await Assert.ThrowsAsync<LedgerDamagedException>(() => changed.Ledger.Start(CancellationToken.None));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore", refused.Message, StringComparison.Ordinal);
        await changed.DisposeAsync();
    }

    [Fact]
    public async Task refuses_another_key_than_the_one_that_signed_it()
    {
        await using (var open = await OpenLedger.On(Path)) await open.Append(Facts.Invited("north", 0));
        await using var other = OpenLedger.Closed(Path, seed: 8);
        var refused = await Assert.ThrowsAsync<LedgerDamagedException>(() => other.Ledger.Start(CancellationToken.None));
        Assert.Contains("ledger key", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
