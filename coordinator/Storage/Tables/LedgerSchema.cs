using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>Brings a database to the schema of this program.</summary>
internal static class LedgerSchema
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30); // a migration may rewrite every row

    /// <exception cref="LedgerUnavailableException">Another process is changing the schema, or a newer program did.</exception>
    public static async Task Prepare(LedgerDbContext database, CancellationToken cancellationToken)
    {
        if (await IsCurrent(database, cancellationToken)) return;
        if (database is not PostgresLedgerDbContext)
        {
            await PrepareFile(database, cancellationToken);
            return;
        }
        // Nobody else does the same: the writer's session holds the ledger's lock. What is done is one transaction a migration.
        database.Database.SetCommandTimeout(Patience);
        await database.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Whether the schema is this program's; false when it is older, or there is none yet.</summary>
    /// <exception cref="LedgerUnavailableException">A newer program made it.</exception>
    public static async Task<bool> IsCurrent(LedgerDbContext database, CancellationToken cancellationToken)
    {
        var known = database.Database.GetMigrations().ToList();
        var applied = (await database.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known).Any())
            throw new LedgerUnavailableException("The ledger's database was made by a newer coordinator. Start that version, or restore an older backup.", null);
        return applied.Count == known.Count;
    }

    private static async Task PrepareFile(LedgerDbContext database, CancellationToken cancellationToken)
    {
        // EF Core guards migrations by a row that a killed process leaves behind, and then waits for it for ever. This lock dies with its owner.
        var file = new SqliteConnectionStringBuilder(database.Database.GetConnectionString()).DataSource;
        try
        {
            await using var alone = new FileStream(
                $"{file}.migrating", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            await database.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            await database.Database.MigrateAsync(cancellationToken);
        }
        catch (IOException busy)
        {
            throw new LedgerUnavailableException($"'{file}' cannot be prepared ({busy.Message}). If another coordinator is starting on it, stop one.", busy);
        }
    }
}
