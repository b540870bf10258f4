using System.Data.Common;
using System.Text.RegularExpressions;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>The real database, on a disk that can be filled. SQLite itself refuses to grow beyond its largest page count; PostgreSQL is told to answer an
/// insert as it does when its disk is full.</summary>
internal sealed partial class Databases(LedgerPlace place) : DbConnectionInterceptor, IDbContextFactory<LedgerDbContext>
{
    private bool _full;

    public bool DiskIsFull
    {
        get => _full;
        set
        {
            _full = value;
            if (place is LedgerPlace.InFile) return;
            Execute(value
                ? """
                  CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
                  CREATE TRIGGER full_disk BEFORE INSERT ON leaves EXECUTE FUNCTION full_disk();
                  """
                : "DROP FUNCTION full_disk CASCADE");
        }
    }

    public bool Unreachable { get; set; }

    public LyingCommits Commits { get; } = new();

    public LedgerDbContext CreateDbContext()
    {
        if (Unreachable) throw new IOException("The disk is gone.");
        return LedgerDatabases.Open(place, options => options.AddInterceptors(this, Commits));
    }

    /// <summary>SQL with names in double quotes and bytes as SQLite writes them.</summary>
    public void Execute(string sql)
    {
        using var database = LedgerDatabases.Open(place, _ => { });
        database.Database.OpenConnection();
        using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = place is LedgerPlace.InFile ? sql : SqliteBytes().Replace(sql, @"'\x$1'");
        command.ExecuteNonQuery();
    }

    public static async Task<string?> Ask(OpenLedger open, string what)
    {
        await using var database = open.Databases.CreateDbContext();
        await database.Database.OpenConnectionAsync();
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = what;
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    /// <summary>Ends every session on the server, as a coordinator's death does; a file has none.</summary>
    public void Cut()
    {
        if (place is LedgerPlace.OnServer)
            Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Limit(connection);
        return Task.CompletedTask;
    }

    private void Limit(DbConnection connection)
    {
        if (place is LedgerPlace.OnServer) return;
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count={(DiskIsFull ? 1 : 1073741823)}"; // 1 is raised to the pages there are
        command.ExecuteNonQuery();
    }

    [GeneratedRegex("X'([0-9A-F]*)'")]
    private static partial Regex SqliteBytes();
}
