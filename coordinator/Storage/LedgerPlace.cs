namespace DeepSeek.Federated.Storage;

/// <summary>Where the ledger's tables are. The model and what it promises are the same in both places.</summary>
public abstract record LedgerPlace
{
    private LedgerPlace()
    {
    }

    /// <summary>A SQLite file.</summary>
    /// <param name="Path">Made at the first start, in a folder that exists.</param>
    public sealed record InFile(string Path) : LedgerPlace
    {
        /// <inheritdoc/>
        public override string ToString() => Path;
    }

    /// <summary>A database on a PostgreSQL server.</summary>
    /// <param name="Address">The database exists; its tables are made at the first start.</param>
    public sealed record OnServer(PostgresAddress Address) : LedgerPlace
    {
        /// <inheritdoc/>
        public override string ToString() => Address.ToString();
    }
}
