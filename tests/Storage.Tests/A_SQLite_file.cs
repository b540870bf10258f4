namespace DeepSeek.Federated.Storage.Tests;

/// <summary>What is so of SQLite only.</summary>
public sealed class A_SQLite_file : IDisposable
{
    private readonly LedgerBench _bench = new(Provider.Sqlite);

    private string Path => ((LedgerPlace.InFile)_bench.Place).Path;

    [Fact]
    public async Task is_prepared_although_a_killed_process_left_the_migrations_locked()
    {
        _bench.Databases.Execute("""
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-31 12:00:00');
            """);
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("north", 0));
        Assert.False(File.Exists(Path + ".migrating"));
    }

    [Fact]
    public async Task is_written_ahead_and_flushed_at_every_commit()
    {
        await using var open = await _bench.Open();
        Assert.Equal("wal", await Databases.Ask(open, "PRAGMA journal_mode"));
        Assert.Equal("2", await Databases.Ask(open, "PRAGMA synchronous")); // FULL
        Assert.Equal("5000", await Databases.Ask(open, "PRAGMA busy_timeout"));
    }

    [Fact]
    public async Task that_is_no_ledger_or_cannot_be_made_is_refused()
    {
        await File.WriteAllTextAsync(Path, string.Concat(Enumerable.Repeat("no database ", 1000)));
        await using var text = _bench.Closed();
        await Assert.ThrowsAsync<LedgerDamagedException>(() => text.Ledger.Start(CancellationToken.None));
        await using var nowhere = OpenLedger.Closed(new LedgerPlace.InFile(_bench.Folder.File("no-such-folder/ledger.db")));
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => nowhere.Ledger.Start(CancellationToken.None));
        Assert.Contains("cannot be", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task holds_nothing_of_a_private_part_that_was_erased()
    {
        await using var open = await _bench.Open();
        await open.Append(Facts.Invited("south", 0).Event.Pending(0, """{"sentence":"the scanner is being replaced"}"""));
        await new PrivateParts(open.Databases).Erase(0, CancellationToken.None);
        open.Databases.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        Assert.DoesNotContain("scanner", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path)), StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();
}
