namespace DeepSeek.Federated.Storage;

/// <summary>The database is not what this coordinator wrote: it refuses to go on from it.</summary>
public sealed class LedgerDamagedException(string message) : Exception(message)
{
    internal static LedgerDamagedException Because(string what) =>
        new($"The ledger is damaged: {what}. Nothing was changed. Restore the newest backup: coordinator restore --from FILE.");
}
