using Microsoft.Data.Sqlite;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>Says what a failed commit means for people.</summary>
internal static class FailedCommit
{
    public static LedgerUnavailableException Explain(Exception broken)
    {
        var sqlite = Cause(broken);
        return new LedgerUnavailableException(sqlite?.SqliteErrorCode switch
        {
            SQLitePCL.raw.SQLITE_FULL => "The ledger's disk is full: nothing was written. Free space; the ledger goes on by itself.",
            SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
                "Another program holds the ledger's database: nothing was written. Close it; the ledger goes on by itself.",
            SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN =>
                "The ledger's database cannot be opened for writing: nothing was written. Check that it exists and who owns it.",
            _ => $"The ledger could not be written: {(sqlite ?? broken).Message} Check its disk and try again.",
        }, broken);
    }

    /// <summary>Whether the file itself is at fault.</summary>
    public static bool IsDamage(Exception broken) => Cause(broken)?.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    private static SqliteException? Cause(Exception broken) => broken as SqliteException ?? broken.InnerException as SqliteException;
}
