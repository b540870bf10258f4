namespace DeepSeek.Federated.Storage;

/// <summary>The ledger could not be written or read: disk full, database gone, writer stopped. The message names the mend.</summary>
public sealed class LedgerUnavailableException(string message, Exception? cause) : Exception(message, cause);
