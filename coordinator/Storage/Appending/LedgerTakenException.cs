namespace DeepSeek.Federated.Storage.Appending;

/// <summary>Another session holds the ledger's lock: a second coordinator, or the remains of one that died.</summary>
internal sealed class LedgerTakenException(Exception cause)
    : Exception("Another coordinator has this ledger open on PostgreSQL. Stop it first, or name another database. If its machine died, PostgreSQL notices "
        + "within half a minute: try again then.", cause);
