using System.Data.Common;
using System.Net.Sockets;
using DeepSeek.Federated.Storage.Appending;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>Says what a database's failure means for people, and what mends it.</summary>
internal static class DatabaseFault
{
    /// <summary>Whether the database failed, and not the program.</summary>
    public static bool Is(Exception broken) => Cause(broken) is not null;

    /// <summary>Whether it was PostgreSQL that failed.</summary>
    public static bool IsOfServer(Exception broken) => Cause(broken) is { } cause and not SqliteException;

    public static LedgerUnavailableException Explain(Exception broken) => broken as LedgerUnavailableException ?? new LedgerUnavailableException(
        Cause(broken) switch
        {
            LedgerTakenException taken => taken.Message,
            SqliteException sqlite => SqliteFault.Sentence(sqlite),
            NpgsqlException postgres => PostgresFault.Sentence(postgres),
            var other => $"The ledger could not be read or written: {(other ?? broken).Message} Check its disk and try again.",
        }, broken);

    /// <summary>Whether what is stored is at fault, and not who asked for it.</summary>
    public static bool IsDamage(Exception broken) => Cause(broken) switch
    {
        SqliteException sqlite => SqliteFault.IsDamage(sqlite),
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } => true,
        _ => false,
    };

    // EF Core wraps what a database says once or twice.
    private static Exception? Cause(Exception? broken)
    {
        while (broken is not null and not DbException and not LedgerTakenException and not SocketException) broken = broken.InnerException;
        return broken;
    }
}
