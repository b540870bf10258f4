using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>For <c>dotnet ef migrations add NAME --context LedgerDbContext --output-dir Migrations/Sqlite</c>, which needs a context and no database.</summary>
internal sealed class LedgerDesign : IDesignTimeDbContextFactory<LedgerDbContext>
{
    public LedgerDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<LedgerDbContext>().UseSqlite("Data Source=design.db").Options);
}
