using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using static DeepSeek.Federated.Domain.Events.SiteEvent;

namespace DeepSeek.Federated.Domain.Sites;

/// <summary>Where a site stands in the federation.</summary>
public abstract record SiteState
{
    private SiteState() { }

    /// <summary>Never heard of.</summary>
    public sealed record Unknown : SiteState;

    /// <summary>A token is out.</summary>
    public sealed record Invited(Digest Token, DateTimeOffset Expires) : SiteState;

    /// <summary>A member; the newest certificate is the last one.</summary>
    public sealed record Enrolled(Digest Token, string Identity, ImmutableArray<IssuedCertificate> Certificates) : SiteState;

    /// <summary>Put out; may be invited anew.</summary>
    public sealed record Revoked(string Reason) : SiteState;
}

/// <summary>A certificate that the federation's CA issued.</summary>
/// <param name="ConnectionKey">SHA-256 of the public key it is for.</param>
/// <param name="Der">DER, base64.</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record IssuedCertificate(Digest ConnectionKey, string Der, DateTimeOffset NotAfter);

/// <summary>What may be asked of a site's law.</summary>
public abstract record SiteCommand(SiteId Site)
{
    /// <summary>Issue a token.</summary>
    public sealed record Invite(SiteId Site, Digest Token, DateTimeOffset Expires) : SiteCommand(Site);

    /// <summary>Consume a token.</summary>
    public sealed record Enrol(SiteId Site, Digest Token, string Identity, IssuedCertificate Certificate) : SiteCommand(Site);

    /// <summary>Add a newer certificate.</summary>
    public sealed record Renew(SiteId Site, IssuedCertificate Certificate) : SiteCommand(Site);

    /// <summary>Put the site out.</summary>
    public sealed record Revoke(SiteId Site, string Reason) : SiteCommand(Site);
}

/// <summary>The law of one site's membership. Pure.</summary>
public static class SiteLaw
{
    /// <summary>What <paramref name="command"/> means in <paramref name="state"/> at <paramref name="now"/>.</summary>
    public static Decision Decide(SiteState state, SiteCommand command, DateTimeOffset now) => (state, command) switch
    {
        (SiteState.Enrolled, SiteCommand.Invite)                                          => Refusal.SiteIsEnrolled,
        (_, SiteCommand.Invite c)                                                         => new SiteInvited(c.Site, c.Token, c.Expires),
        (SiteState.Invited s, SiteCommand.Enrol c) when s.Token != c.Token                => Refusal.TokenUnknown,
        (SiteState.Invited s, SiteCommand.Enrol) when now >= s.Expires                    => Refusal.TokenExpired,
        (SiteState.Invited, SiteCommand.Enrol c)                                          =>
            new SiteEnrolled(c.Site, c.Token, c.Identity, c.Certificate.ConnectionKey, c.Certificate.Der, c.Certificate.NotAfter),
        (SiteState.Enrolled s, SiteCommand.Enrol c) when s.Token != c.Token               => Refusal.TokenUnknown,
        (SiteState.Enrolled s, SiteCommand.Enrol c) when SameRequest(s, c)                => new Decision.Unchanged(),
        (SiteState.Enrolled, SiteCommand.Enrol)                                           => Refusal.TokenUsed,
        (_, SiteCommand.Enrol)                                                            => Refusal.TokenUnknown,
        (SiteState.Enrolled s, SiteCommand.Renew c) when s.Certificates[^1].ConnectionKey == c.Certificate.ConnectionKey => new Decision.Unchanged(),
        (SiteState.Enrolled, SiteCommand.Renew c)                                         =>
            new CertificateRenewed(c.Site, c.Certificate.ConnectionKey, c.Certificate.Der, c.Certificate.NotAfter),
        (SiteState.Revoked, SiteCommand.Renew)                                            => Refusal.SiteIsRevoked,
        (_, SiteCommand.Renew)                                                            => Refusal.SiteUnknown,
        (SiteState.Unknown, SiteCommand.Revoke)                                           => Refusal.SiteUnknown,
        (SiteState.Revoked, SiteCommand.Revoke)                                           => new Decision.Unchanged(),
        (_, SiteCommand.Revoke c)                                                         => new SiteRevoked(c.Site, c.Reason),
        _                                                                                 => Refusal.NotInThisState,
    };

    /// <summary>The state after a fact.</summary>
    /// <exception cref="InvalidOperationException">The fact cannot follow the state: the log is not lawful.</exception>
    public static SiteState Apply(SiteState state, SiteEvent happened) => (state, happened) switch
    {
        (not SiteState.Enrolled, SiteInvited e)   => new SiteState.Invited(e.Token, e.Expires),
        (SiteState.Invited, SiteEnrolled e)       => new SiteState.Enrolled(e.Token, e.Identity, [new(e.ConnectionKey, e.Certificate, e.NotAfter)]),
        (SiteState.Enrolled s, CertificateRenewed e) =>
            s with { Certificates = [s.Certificates[^1], new(e.ConnectionKey, e.Certificate, e.NotAfter)] },
        (not SiteState.Unknown, SiteRevoked e)    => new SiteState.Revoked(e.Reason),
        _                                         => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state.GetType().Name}."),
    };

    private static bool SameRequest(SiteState.Enrolled state, SiteCommand.Enrol command) =>
        state.Identity == command.Identity && state.Certificates[0].ConnectionKey == command.Certificate.ConnectionKey;
}
