using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>The writer's own way to its database. On PostgreSQL all it does goes over one connection that holds the ledger's lock: two coordinators cannot
/// both serve, and when a broken connection is replaced, nothing that was still under way on the old one can become durable behind the writer's back.
/// SQLite needs none of it: its file lies in a folder that one coordinator holds.</summary>
internal sealed class WriterSession(IDbContextFactory<LedgerDbContext> databases) : IAsyncDisposable
{
    // A session whose machine died is noticed within half a minute, not after the two hours that TCP takes by itself. Locks are of one database. A
    // commit is durable when it is answered, whatever the database was set to.
    private const string Alone = """
        SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET lock_timeout = '5s';
        SELECT pg_advisory_lock(hashtext('deepseek-federated-ledger'), hashtext(coalesce(current_schema(), '')));
        RESET lock_timeout;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        """;

    private LedgerDbContext? _holder;

    /// <summary>The tables, for the one who may write them.</summary>
    /// <exception cref="LedgerTakenException">Another session holds the lock.</exception>
    public async Task<LedgerDbContext> Open(CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken);
        if (database is not PostgresLedgerDbContext) return database;
        try
        {
            database.Database.SetDbConnection((await Holder(cancellationToken)).Database.GetDbConnection());
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_holder is not { } holder) return;
        _holder = null;
        try
        {
            // A pool keeps the connection: the lock would stay with it.
            if (IsOpen(holder)) await holder.Database.ExecuteSqlRawAsync("SELECT pg_advisory_unlock_all()");
        }
        catch (Exception gone) when (DatabaseFault.Is(gone))
        {
            // The lock went with the connection.
        }
        await holder.DisposeAsync();
    }

    private async Task<LedgerDbContext> Holder(CancellationToken cancellationToken)
    {
        if (_holder is { } held && IsOpen(held)) return held;
        await DisposeAsync();
        var fresh = await databases.CreateDbContextAsync(cancellationToken);
        try
        {
            await fresh.Database.OpenConnectionAsync(cancellationToken);
            await fresh.Database.ExecuteSqlRawAsync(Alone, cancellationToken);
            return _holder = fresh;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await fresh.DisposeAsync();
            throw new LedgerTakenException(taken);
        }
        catch
        {
            await fresh.DisposeAsync();
            throw;
        }
    }

    private static bool IsOpen(LedgerDbContext database) => database.Database.GetDbConnection().State == System.Data.ConnectionState.Open;
}
