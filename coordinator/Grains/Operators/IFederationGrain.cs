using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Grains.Operators;

/// <summary>The federation as a whole: who may act for it. There is one, with key 0.</summary>
public interface IFederationGrain : IGrainWithIntegerKey
{
    /// <summary>Admits a person or program.</summary>
    /// <param name="name">The name in the certificate.</param>
    /// <param name="role">What it allows.</param>
    /// <param name="certificate">SHA-256 of the certificate (DER).</param>
    /// <param name="notAfter">When it expires.</param>
    /// <param name="actor">The admin who asks.</param>
    Task<Answer> Admit(string name, OperatorRole role, Digest certificate, DateTimeOffset notAfter, string actor);

    /// <summary>Gives an operator, who asks in person, a newer certificate beside the present one.</summary>
    Task<Answer> Renew(string name, Digest certificate, DateTimeOffset notAfter);

    /// <summary>Honours the operator's certificates no longer.</summary>
    Task<Answer> Revoke(string name, string reason, string actor);

    /// <summary>Records that an admin has what stands beside a leaf erased; whoever asks erases it once this is durable.</summary>
    Task<Answer> Erase(long leaf, string reason, string actor);
}
