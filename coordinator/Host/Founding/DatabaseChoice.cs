using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>Which database holds the ledger. The connection string itself stands in no settings, no backup and no log.</summary>
internal abstract record DatabaseChoice
{
    public const string SqliteWord = "sqlite", PostgresWord = "postgres";

    /// <summary>What <see cref="Read"/> takes.</summary>
    public const string Rule = "it is sqlite or postgres, and connectionStringFile goes with postgres only";

    private DatabaseChoice()
    {
    }

    /// <summary>The choice as it is written.</summary>
    public abstract string Word { get; }

    /// <summary>Null where the words name no choice.</summary>
    public static DatabaseChoice? Read(string word, string? connectionStringFile) => word switch
    {
        SqliteWord when connectionStringFile is null => new Sqlite(),
        PostgresWord => new Postgres(connectionStringFile),
        _ => null,
    };

    /// <summary>Where the ledger of a federation in this folder is.</summary>
    /// <exception cref="SettingsException">The connection string cannot be read.</exception>
    public abstract LedgerPlace Place(FederationDirectory directory);

    /// <summary>A file in the folder.</summary>
    public sealed record Sqlite : DatabaseChoice
    {
        public override string Word => SqliteWord;

        public override LedgerPlace Place(FederationDirectory directory) => new LedgerPlace.InFile(directory.Database);
    }

    /// <summary>A server.</summary>
    /// <param name="ConnectionStringFile">Absolute path; null where the environment holds the string.</param>
    public sealed record Postgres(string? ConnectionStringFile) : DatabaseChoice
    {
        public override string Word => PostgresWord;

        public override LedgerPlace Place(FederationDirectory directory) => new LedgerPlace.OnServer(ConnectionSecret.Read(ConnectionStringFile));
    }
}
