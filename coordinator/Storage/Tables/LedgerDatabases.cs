using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>Opens the tables of one place: the only line that knows which database stands behind them is here.</summary>
internal sealed class LedgerDatabases(LedgerPlace place, ILoggerFactory logs) : IDbContextFactory<LedgerDbContext>
{
    public LedgerDbContext CreateDbContext() => Open(place, options => options.UseLoggerFactory(logs));

    /// <param name="place">Where.</param>
    /// <param name="also">What else the context is told.</param>
    public static LedgerDbContext Open(LedgerPlace place, Action<DbContextOptionsBuilder> also)
    {
        switch (place)
        {
            case LedgerPlace.InFile(var path):
                var file = new DbContextOptionsBuilder<LedgerDbContext>();
                file.UseSqlite(new SqliteConnectionStringBuilder { DataSource = path }.ToString()).AddInterceptors(new SqliteDurability());
                return new LedgerDbContext(Quiet(file, also).Options);
            case LedgerPlace.OnServer(var address):
                var server = new DbContextOptionsBuilder<PostgresLedgerDbContext>();
                server.UseNpgsql(address.ConnectionString);
                return new PostgresLedgerDbContext(Quiet(server, also).Options);
            default:
                throw new ArgumentException($"{place.GetType().Name} is no place for a ledger.", nameof(place));
        }
    }

    private static DbContextOptionsBuilder<T> Quiet<T>(DbContextOptionsBuilder<T> options, Action<DbContextOptionsBuilder> also) where T : DbContext
    {
        // What fails is said once, by the one who asked, and not by every layer on the way.
        options.ConfigureWarnings(warnings => warnings.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
            (RelationalEventId.TransactionError, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
        also(options);
        return options;
    }
}
