using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>For <c>dotnet ef migrations add NAME --context PostgresLedgerDbContext --output-dir Migrations/Postgres</c>; it connects to nothing.</summary>
internal sealed class PostgresLedgerDesign : IDesignTimeDbContextFactory<PostgresLedgerDbContext>
{
    public PostgresLedgerDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresLedgerDbContext>().UseNpgsql("Host=design").Options);
}
