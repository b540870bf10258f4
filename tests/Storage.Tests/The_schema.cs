using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DeepSeek.Federated.Storage.Tests;

public sealed class The_schema : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string Path => _folder.File("ledger.db");

    [Fact]
    public async Task has_a_migration_for_everything_in_the_model()
    {
        await using var database = new Databases(Path).CreateDbContext();
        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task is_prepared_although_a_killed_process_left_the_migrations_locked()
    {
        new Databases(Path).Execute("""
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-31 12:00:00');
            """);
        await using var open = await OpenLedger.On(Path);
        await open.Append(Facts.Invited("north", 0));
        Assert.False(File.Exists(Path + ".migrating"));
    }

    [Fact]
    public async Task of_a_newer_program_is_refused()
    {
        await using (await OpenLedger.On(Path)) { }
        await using var older = OpenLedger.Closed(Path);
        older.Databases.Execute("INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_Later', '99.0')");
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => older.Ledger.Start(CancellationToken.None));
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task is_written_ahead_and_flushed_at_every_commit()
    {
        await using var open = await OpenLedger.On(Path);
        await using var database = open.Databases.CreateDbContext();
        await database.Database.OpenConnectionAsync();
        Assert.Equal("wal", await Ask("PRAGMA journal_mode"));
        Assert.Equal("2", await Ask("PRAGMA synchronous")); // FULL
        Assert.Equal("5000", await Ask("PRAGMA busy_timeout"));

        async Task<string?> Ask(string what)
        {
            await using var command = database.Database.GetDbConnection().CreateCommand();
            command.CommandText = what;
            return (await command.ExecuteScalarAsync())?.ToString();
        }
    }

    [Fact]
    public async Task comes_up_as_the_host_wires_it()
    {
        using (var key = SigningKey.Create()) key.Save(_folder.File("ledger.key"));
        var options = new StorageOptions
        {
            Database = Path, BlobDirectory = _folder.File("blobs"), LedgerKeyPath = _folder.File("ledger.key"), Federation = "hospitals",
        };
        await using var services = new ServiceCollection().AddLogging().AddFederationStorage(options)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        var ledger = services.GetRequiredService<Ledger>();
        await ledger.Start(CancellationToken.None);
        await ledger.Append([Facts.Invited("north", 0)], CancellationToken.None);
        Assert.Single(await services.GetRequiredService<LedgerReader>().ReadAll(0, CancellationToken.None).ToListAsync());
        Assert.IsType<BlobStatus.Absent>(await services.GetRequiredService<IBlobStore>().Status(Facts.Named("x"), CancellationToken.None));
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddFederationStorage(options with { Federation = " " }));
    }

    public void Dispose() => _folder.Dispose();
}
