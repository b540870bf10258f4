using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Domain.Events;

/// <summary>What a certificate of an operator allows.</summary>
public enum OperatorRole
{
    /// <summary>Everything, operators included.</summary>
    Admin,
    /// <summary>Invites and revokes sites, submits and stops studies.</summary>
    Operator,
    /// <summary>Reads the ledger and the registry.</summary>
    Auditor,
}

/// <summary>Facts about the federation as a whole.</summary>
public abstract record FederationEvent : LedgerEvent
{
    private FederationEvent() { }

    /// <inheritdoc/>
    public override string Stream => Streams.Federation;

    /// <summary>The first leaf: who signs this log and who certifies its connections.</summary>
    /// <param name="Name">The federation's name, which is the origin of its checkpoints.</param>
    /// <param name="LedgerKey">Public Ed25519 key of the checkpoints.</param>
    /// <param name="CertificateAuthority">SHA-256 of the CA certificate (DER).</param>
    public sealed record FederationFounded(string Name, string LedgerKey, Digest CertificateAuthority) : FederationEvent;

    /// <summary>A person or program may act for the federation.</summary>
    public sealed record OperatorAdmitted(string Operator, OperatorRole Role, Digest Certificate, DateTimeOffset NotAfter) : FederationEvent;

    /// <summary>An operator has a newer certificate; those before it stay good until they expire, so that nobody is locked out by a lost answer.</summary>
    public sealed record OperatorRenewed(string Operator, Digest Certificate, DateTimeOffset NotAfter) : FederationEvent;

    /// <summary>No certificate of the operator is honoured any longer.</summary>
    public sealed record OperatorRevoked(string Operator, string Reason) : FederationEvent;

    /// <summary>What stood beside a leaf is gone; its commitment stays, and says nothing any more.</summary>
    /// <param name="Leaf">The leaf's position in the ledger.</param>
    /// <param name="Reason">Why, in one line that stays.</param>
    public sealed record PrivatePartErased(long Leaf, string Reason) : FederationEvent;

    /// <summary>The ledger was put back to an earlier size from a backup: whatever came after it was lost.</summary>
    public sealed record LedgerRecovered(long RestoredSize, Digest RestoredRoot, DateTimeOffset BackupTaken) : FederationEvent;
}
