using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Sites;

namespace DeepSeek.Federated.Grains.Sites;

/// <summary>One site's membership; the key is the site's name.</summary>
public interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>Issues a token; a newer one replaces it.</summary>
    /// <param name="token">Digest of the token: the token itself is nowhere stored.</param>
    /// <param name="expires">From when on it is worth nothing.</param>
    /// <param name="actor">The operator.</param>
    Task<Answer> Invite(Digest token, DateTimeOffset expires, string actor);

    /// <summary>Consumes a token.</summary>
    /// <param name="token">Digest of the token.</param>
    /// <param name="identity">The site's public key, as text; its proof was checked by the gateway.</param>
    /// <param name="certificate">Made by the CA for this request; dropped when the request was answered before.</param>
    Task<CertificateOutcome> Enrol(Digest token, string identity, IssuedCertificate certificate);

    /// <summary>Adds a newer certificate; asked for by the site itself.</summary>
    Task<CertificateOutcome> Renew(IssuedCertificate certificate);

    /// <summary>Puts the site out.</summary>
    Task<Answer> Revoke(string reason, string actor);
}

/// <summary>What became of a request for a certificate.</summary>
[GenerateSerializer, Immutable]
public abstract record CertificateOutcome
{
    private CertificateOutcome() { }

    /// <summary>This certificate is on the allow-list; for a repeated request it is the first one.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Issued(IssuedCertificate Certificate) : CertificateOutcome;

    /// <summary>Not lawful.</summary>
    [GenerateSerializer, Immutable]
    public sealed record Refused(Refusal Why) : CertificateOutcome;
}
