namespace DeepSeek.Federated.Storage.Appending;

/// <summary>Another writer has moved the head: this one ends.</summary>
internal sealed class LedgerLostException(long size)
    : Exception($"Another coordinator writes to this ledger: its head is not at {size} any more, where this one left it. "
        + "Stop one of the two, then start the other again.");
