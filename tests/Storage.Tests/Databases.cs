using System.Data.Common;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>The real SQLite, on a disk that can be filled: SQLite itself refuses to grow beyond its largest page count.</summary>
internal sealed class Databases(string path) : DbConnectionInterceptor, IDbContextFactory<LedgerDbContext>
{
    public bool DiskIsFull { get; set; }

    public bool Unreachable { get; set; }

    public LyingCommits Commits { get; } = new();

    public LedgerDbContext CreateDbContext()
    {
        if (Unreachable) throw new IOException("The disk is gone.");
        var options = new DbContextOptionsBuilder<LedgerDbContext>();
        StorageRegistration.Configure(options, path);
        return new LedgerDbContext(options.AddInterceptors(this, Commits).Options);
    }

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Limit(connection);
        return Task.CompletedTask;
    }

    private void Limit(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count={(DiskIsFull ? 1 : 1073741823)}"; // 1 is raised to the pages there are
        command.ExecuteNonQuery();
    }
}
