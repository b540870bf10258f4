using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class The_schema(Provider provider) : IDisposable
{
    public sealed class On_SQLite() : The_schema(Provider.Sqlite);

    public sealed class On_PostgreSQL() : The_schema(Provider.Postgres);

    private readonly LedgerBench _bench = new(provider);

    [Fact]
    public async Task has_a_migration_for_everything_in_the_model()
    {
        await using var database = _bench.Databases.CreateDbContext();
        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task of_an_older_program_is_brought_up_to_date_at_the_start_and_nothing_is_lost()
    {
        LedgerHead before;
        await using (var old = await _bench.Open())
        {
            await old.Append(Facts.Invited("north", 0));
            before = old.Ledger.Head;
        }
        await using var closed = _bench.Closed();
        await using (var later = new Ledger(new LaterProgram(_bench.Place), closed.Signer, new EventCatalog(), new CrashPoint(null, () => { }), NullLogger<Ledger>.Instance))
        {
            await later.Start(CancellationToken.None);
            Assert.Equal(before.Note, later.Head.Note);
            Assert.Equal(1, (await later.Append([Facts.Invited("north", 1)], CancellationToken.None))[0].Index);
            Assert.Equal("7", await Databases.Ask(closed, "SELECT \"Weight\" FROM sites"));
        }
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => closed.Ledger.Start(CancellationToken.None));
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task of_a_newer_program_is_refused()
    {
        await using (await _bench.Open()) { }
        await using var older = _bench.Closed();
        older.Databases.Execute("INSERT INTO \"__EFMigrationsHistory\" VALUES ('99990101000000_Later', '99.0')");
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => older.Ledger.Start(CancellationToken.None));
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task comes_up_as_the_host_wires_it()
    {
        using (var key = SigningKey.Create()) key.Save(_bench.Folder.File("ledger.key"));
        var options = new StorageOptions
        {
            Database = _bench.Place, BlobDirectory = _bench.Folder.File("blobs"), LedgerKeyPath = _bench.Folder.File("ledger.key"), Federation = "hospitals",
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

    public void Dispose() => _bench.Dispose();
}
