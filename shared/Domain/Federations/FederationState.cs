using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Domain.Federations;

/// <summary>What the law of the federation remembers.</summary>
/// <param name="Operators">Who was admitted and not revoked, by name; some may have expired.</param>
/// <param name="Erased">The leaves whose private part was erased.</param>
public sealed record FederationState(ImmutableSortedDictionary<string, OperatorState> Operators, ImmutableHashSet<long> Erased)
{
    /// <summary>Before anything happened.</summary>
    public static FederationState None { get; } = new(ImmutableSortedDictionary.Create<string, OperatorState>(StringComparer.Ordinal), []);
}

/// <summary>An operator who was admitted.</summary>
/// <param name="Role">What the operator may do.</param>
/// <param name="Certificates">At least one, the newest last; those that had expired when a newer one came are forgotten.</param>
public sealed record OperatorState(OperatorRole Role, ImmutableArray<OperatorCertificate> Certificates)
{
    /// <summary>From when on none of the certificates is good.</summary>
    public DateTimeOffset NotAfter => Certificates.Max(c => c.NotAfter);
}

/// <summary>A certificate of an operator.</summary>
/// <param name="Certificate">SHA-256 of it (DER).</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record OperatorCertificate(Digest Certificate, DateTimeOffset NotAfter);

/// <summary>What may be asked of the law of the federation.</summary>
public abstract record FederationCommand
{
    private FederationCommand() { }

    /// <summary>Admit a person or program.</summary>
    public sealed record Admit(string Operator, OperatorRole Role, OperatorCertificate Certificate) : FederationCommand;

    /// <summary>Give an operator a newer certificate.</summary>
    public sealed record Renew(string Operator, OperatorCertificate Certificate) : FederationCommand;

    /// <summary>Put an operator out.</summary>
    public sealed record Revoke(string Operator, string Reason) : FederationCommand;

    /// <summary>Erase what stands beside a leaf.</summary>
    public sealed record Erase(long Leaf, string Reason) : FederationCommand;
}
