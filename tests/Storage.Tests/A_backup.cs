using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class A_backup(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : A_backup(Provider.Sqlite);

    public sealed class On_PostgreSQL() : A_backup(Provider.Postgres);

    private static readonly CancellationToken None = CancellationToken.None;
    private readonly LedgerBench _bench = new(provider);
    private string Copy => _bench.Folder.File("copy.db");

    [Fact]
    public async Task is_taken_while_the_ledger_runs_and_can_be_gone_on_from()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0), Facts.Invited("north", 1), Facts.Invited("north", 2));
        var head = open.Ledger.Head;
        var summary = await LedgerBackup.Write(_bench.Place, Copy, None);
        await open.Append(Facts.Invited("north", 3));
        Assert.Equal(new BackupSummary(3, head.Root, Facts.Noon), summary);
        Assert.Equal(summary, await LedgerBackup.Verify(Copy, None));

        var restored = _bench.Another();
        Assert.Equal(summary, await LedgerBackup.Restore(Copy, restored, None));
        await using var again = await OpenLedger.On(restored);
        Assert.Equal(head.Note, again.Ledger.Head.Note);
        var next = await again.Reader.NextSequence(Streams.Federation, None);
        await again.Append(new FederationEvent.LedgerRecovered(summary.Size, summary.Root, summary.Newest!.Value).Pending(next));
        Assert.Equal(4, again.Ledger.Head.Size);
    }

    [Fact]
    public async Task never_overwrites_anything()
    {
        await using var open = await _bench.Open();
        await File.WriteAllTextAsync(Copy, "mine");
        await Assert.ThrowsAsync<IOException>(() => LedgerBackup.Write(_bench.Place, Copy, None));
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy));
        await LedgerBackup.Write(_bench.Place, _bench.Folder.File("good.db"), None);
        await Assert.ThrowsAsync<IOException>(() => LedgerBackup.Restore(_bench.Folder.File("good.db"), _bench.Place, None));
    }

    [Fact]
    public async Task that_was_changed_or_is_none_is_refused_and_nothing_is_restored()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0));
        await LedgerBackup.Write(_bench.Place, Copy, None);
        new Databases(new LedgerPlace.InFile(Copy)).Execute("UPDATE leaves SET Data = X'7B7D'");
        var restored = _bench.Another();
        await Assert.ThrowsAsync<LedgerDamagedException>(() => LedgerBackup.Restore(Copy, restored, None));
        await File.WriteAllTextAsync(_bench.Folder.File("text.db"), "no database at all, but long enough to be looked at");
        await Assert.ThrowsAsync<LedgerDamagedException>(() => LedgerBackup.Restore(_bench.Folder.File("text.db"), restored, None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => LedgerBackup.Verify(_bench.Folder.File("absent.db"), None));
        await LedgerBackup.RefuseTaken(restored, None);
    }

    [Fact]
    public async Task of_a_ledger_that_is_not_there_is_refused()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => LedgerBackup.Write(_bench.Another(), Copy, None));
        Assert.True(refused is FileNotFoundException or LedgerUnavailableException, refused.ToString());
        Assert.Contains("no ledger", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Copy));
    }

    [Theory]
    [InlineData(Provider.Sqlite), InlineData(Provider.Postgres)]
    public async Task carries_every_row_of_every_table_to_either_database(Provider other)
    {
        await using (var open = await _bench.Open())
        {
            PendingEvent[] study = [Facts.Submitted(Facts.Heart).Pending(0, """{"why":"private"}"""), Facts.Published(Facts.Heart, 0).Pending(1), Facts.Opened(Facts.Heart, 1).Pending(2)];
            var enrolled = new SiteEvent.SiteEnrolled(
                Facts.North, Facts.Named("t"), "ed25519:N", Facts.Named("k"), Convert.ToBase64String([1]), Facts.Noon.AddTicks(1));
            await open.Append([.. study, Facts.Invited("north", 0), enrolled.Pending(1)]);
        }
        await LedgerBackup.Write(_bench.Place, Copy, None);
        using var elsewhere = new LedgerBench(other);
        await LedgerBackup.Restore(Copy, elsewhere.Place, None);
        await using (var restored = await elsewhere.Open()) Assert.Equal(5, restored.Ledger.Head.Size);

        await using var before = _bench.Databases.CreateDbContext();
        await using var after = elsewhere.Databases.CreateDbContext();
        var tables = before.Model.GetEntityTypes().Select(t => t.ClrType).ToList();
        Assert.All(tables, table => Assert.NotEmpty(Rows.Of(before, table)));
        Assert.All(tables, table => Assert.Equal(Rows.Of(before, table), Rows.Of(after, table)));
    }

    [Fact]
    public async Task that_cannot_be_written_leaves_nothing()
    {
        await using var open = await _bench.Open();
        await Assert.ThrowsAnyAsync<IOException>(() => LedgerBackup.Write(_bench.Place, _bench.Folder.File("no-such-folder/copy.db"), None));
    }

    public void Dispose() => _bench.Dispose();
}
