using System.Data;
using DeepSeek.Federated.Storage.Appending;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeepSeek.Federated.Storage.Backups;

/// <summary>Carries every table between PostgreSQL and a SQLite file: one picture of the source, one transaction at the goal.</summary>
internal static class LedgerTransfer
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1); // for a table, not for the whole

    public static async Task FromServer(LedgerPlace.OnServer server, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = LedgerDatabases.Open(server, _ => { });
            source.Database.SetCommandTimeout(Patience);
            if (!await LedgerSchema.IsCurrent(source, cancellationToken))
                throw new LedgerUnavailableException(
                    $"{server} holds no ledger of this program. Check the connection string; after an update, start the coordinator once before the backup.", null);
            await using var picture = await source.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var goal = Open(file, SqliteOpenMode.ReadWriteCreate);
            await LedgerSchema.Prepare(goal, cancellationToken);
            await Copy(source, goal, cancellationToken);
        }
        catch (Exception broken) when (DatabaseFault.IsOfServer(broken))
        {
            throw DatabaseFault.Explain(broken);
        }
    }

    /// <summary>The file's schema is this program's: whoever restores has opened it as a ledger before.</summary>
    public static async Task ToServer(string file, LedgerPlace.OnServer server, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = new WriterSession(new LedgerDatabases(server, NullLoggerFactory.Instance));
            await using var goal = await session.Open(cancellationToken);
            await RefuseTaken(goal, server, cancellationToken);
            await LedgerSchema.Prepare(goal, cancellationToken);
            await using var source = Open(file, SqliteOpenMode.ReadOnly);
            await Copy(source, goal, cancellationToken);
        }
        catch (Exception broken) when (DatabaseFault.IsOfServer(broken))
        {
            throw DatabaseFault.Explain(broken);
        }
    }

    public static async Task RefuseTaken(LedgerPlace.OnServer server, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = LedgerDatabases.Open(server, _ => { });
            await RefuseTaken(database, server, cancellationToken);
        }
        catch (Exception broken) when (DatabaseFault.IsOfServer(broken))
        {
            throw DatabaseFault.Explain(broken);
        }
    }

    /// <summary>A SQLite file without the ledger's own settings: no journals stay beside it.</summary>
    public static LedgerDbContext Open(string file, SqliteOpenMode mode) =>
        new(new DbContextOptionsBuilder<LedgerDbContext>().UseSqlite(Address(file, mode)).Options);

    public static string Address(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString();

    private static async Task RefuseTaken(LedgerDbContext database, LedgerPlace.OnServer server, CancellationToken cancellationToken)
    {
        // Tables without a head are what an interrupted restore left: they may be filled.
        if (!(await database.Database.GetAppliedMigrationsAsync(cancellationToken)).Any()) return;
        if (!await LedgerSchema.IsCurrent(database, cancellationToken) || await database.Head.AnyAsync(cancellationToken))
            throw new IOException($"{server} holds a ledger already, and it is not overwritten. Name an empty database.");
    }

    private static async Task Copy(LedgerDbContext source, LedgerDbContext goal, CancellationToken cancellationToken)
    {
        await using var whole = await goal.Database.BeginTransactionAsync(cancellationToken);
        await Copy(source.Leaves, goal, cancellationToken);
        await Copy(source.Nodes, goal, cancellationToken);
        await Copy(source.Streams, goal, cancellationToken);
        await Copy(source.PrivateParts, goal, cancellationToken);
        await Copy(source.Sites, goal, cancellationToken);
        await Copy(source.Certificates, goal, cancellationToken);
        await Copy(source.Studies, goal, cancellationToken);
        await Copy(source.Rounds, goal, cancellationToken);
        await Copy(source.Versions, goal, cancellationToken);
        await Copy(source.Head, goal, cancellationToken);
        await whole.CommitAsync(cancellationToken);
    }

    private static async Task Copy<T>(DbSet<T> table, LedgerDbContext goal, CancellationToken cancellationToken) where T : class
    {
        await foreach (var rows in table.AsNoTracking().AsAsyncEnumerable().Chunk(500).WithCancellation(cancellationToken))
        {
            goal.Set<T>().AddRange(rows);
            await goal.SaveChangesAsync(cancellationToken);
            goal.ChangeTracker.Clear();
        }
    }
}
