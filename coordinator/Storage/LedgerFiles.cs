using Microsoft.Data.Sqlite;
using Npgsql;

namespace DeepSeek.Federated.Storage;

/// <summary>The database's files and connections, when nobody uses them any more.</summary>
public static class LedgerFiles
{
    /// <summary>Closes the connections that this process keeps for reuse: the last one folds SQLite's journals into the database, and the folder may be
    /// moved. Call it when the <see cref="Ledger"/> is disposed.</summary>
    public static void Release()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
    }
}
