using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>The same model on PostgreSQL: a type of its own because migrations belong to a type of context.</summary>
internal sealed class PostgresLedgerDbContext(DbContextOptions<PostgresLedgerDbContext> options) : LedgerDbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // Byte by byte, as SQLite compares: in a language's order the streams of a prefix do not lie together.
        configurationBuilder.Properties<string>().UseCollation("C").HaveConversion<TextWithoutNul>();
    }
}
