using Microsoft.Data.Sqlite;

namespace DeepSeek.Federated.Storage.Tables;

internal static class SqliteFault
{
    public static string Sentence(SqliteException broken) => broken.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => "The ledger's disk is full: nothing was written. Free space; the ledger goes on by itself.",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            "Another program holds the ledger's database: nothing was written. Close it; the ledger goes on by itself.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN =>
            "The ledger's database cannot be opened for writing: nothing was written. Check that it exists and who owns it.",
        _ => $"The ledger could not be written: {broken.Message} Check its disk and try again.",
    };

    public static bool IsDamage(SqliteException broken) => broken.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;
}
