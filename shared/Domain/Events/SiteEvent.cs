using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Domain.Events;

/// <summary>Facts about one site's place in the federation.</summary>
public abstract record SiteEvent : LedgerEvent
{
    private SiteEvent() { }

    /// <summary>The site.</summary>
    public abstract SiteId Site { get; init; }

    /// <inheritdoc/>
    public override string Stream => Streams.Site(Site);

    /// <summary>A one-time token was issued; the ledger knows its digest only.</summary>
    public sealed record SiteInvited(SiteId Site, Digest Token, DateTimeOffset Expires) : SiteEvent;

    /// <summary>The token was consumed: the site has an identity and a first certificate.</summary>
    /// <param name="Site">The site.</param>
    /// <param name="Token">Digest of the token that was consumed.</param>
    /// <param name="Identity">The site's own public Ed25519 key.</param>
    /// <param name="ConnectionKey">SHA-256 of the public key (SPKI, DER) that the certificate is for.</param>
    /// <param name="Certificate">The certificate, DER in base64: the same request again gets the same one.</param>
    /// <param name="NotAfter">When it expires.</param>
    public sealed record SiteEnrolled(SiteId Site, Digest Token, string Identity, Digest ConnectionKey, string Certificate, DateTimeOffset NotAfter) : SiteEvent;

    /// <summary>A new certificate; the one before stays good until it expires, so that no connection breaks.</summary>
    public sealed record CertificateRenewed(SiteId Site, Digest ConnectionKey, string Certificate, DateTimeOffset NotAfter) : SiteEvent;

    /// <summary>No certificate of the site is honoured from here on.</summary>
    public sealed record SiteRevoked(SiteId Site, string Reason) : SiteEvent;
}
