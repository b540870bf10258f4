namespace DeepSeek.Federated.Storage;

/// <summary>The ledger could not be written: disk full, database gone, writer stopped. The message names the mend.</summary>
public sealed class LedgerUnavailableException(string message, Exception? cause) : Exception(message, cause);
