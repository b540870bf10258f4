using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Grains.Members;
using DeepSeek.Federated.Storage;
using Orleans.Concurrency;

namespace DeepSeek.Federated.Grains.Sites;

/// <summary>Loads, decides, appends and tells. Reentrant for the reason given at <see cref="Journal{TState}"/>.</summary>
[Reentrant]
internal sealed class SiteGrain(Ledger ledger, LedgerReader reader, Membership membership, TimeProvider clock) : Grain, ISiteGrain
{
    private SiteId _site;
    private Journal<SiteState> _journal = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _site = new SiteId(this.GetPrimaryKeyString());
        _journal = new Journal<SiteState>(
            ledger, clock, new SiteState.Unknown(), (state, happened, _) => SiteLaw.Apply(state, (SiteEvent)happened), this.DeactivateOnIdle);
        _journal.Replay(await reader.ReadStream(Streams.Site(_site), 0, cancellationToken).ToListAsync(cancellationToken));
    }

    public async Task<Answer> Invite(Digest token, DateTimeOffset expires, string actor) =>
        Answer.To(await Handle(new SiteCommand.Invite(_site, token, expires), actor));

    public async Task<CertificateOutcome> Enrol(Digest token, string identity, IssuedCertificate certificate)
    {
        // Identities are told apart over all sites, which no single site's law can see.
        if (!membership.TryReserve(identity, _site)) return new CertificateOutcome.Refused(Refusal.IdentityTaken);
        try
        {
            return Outcome(await Handle(new SiteCommand.Enrol(_site, token, identity, certificate), Actors.Site(_site)), first: true);
        }
        finally
        {
            membership.Release(identity, _site);
        }
    }

    public async Task<CertificateOutcome> Renew(IssuedCertificate certificate) =>
        Outcome(await Handle(new SiteCommand.Renew(_site, certificate), Actors.Site(_site)), first: false);

    public async Task<Answer> Revoke(string reason, string actor) => Answer.To(await Handle(new SiteCommand.Revoke(_site, reason), actor));

    private Task<Decision> Handle(SiteCommand command, string actor) =>
        _journal.Handle((state, now) => SiteLaw.Decide(state, command, now), actor, null);

    private CertificateOutcome Outcome(Decision decision, bool first) => (decision, _journal.Durable) switch
    {
        (Decision.Refused(var why), _) => new CertificateOutcome.Refused(why),
        (_, SiteState.Enrolled site) => new CertificateOutcome.Issued(first ? site.Certificates[0] : site.Certificates[^1]),
        _ => new CertificateOutcome.Refused(Refusal.SiteIsRevoked),   // put out between the decision and this line
    };
}
