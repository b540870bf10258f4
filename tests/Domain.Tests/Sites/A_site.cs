using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Sites;
using static DeepSeek.Federated.Domain.Tests.Samples;

namespace DeepSeek.Federated.Domain.Tests.Sites;

public sealed class A_site
{
    private static readonly SiteState Nobody = new SiteState.Unknown();
    private static readonly IssuedCertificate First = new(Hash("key1"), "cert1", Noon + TimeSpan.FromDays(30));
    private static readonly SiteCommand Invite = new SiteCommand.Invite(Hospitals[0], Hash("token"), Noon + TimeSpan.FromDays(1));
    private static readonly SiteCommand.Enrol Enrol = new(Hospitals[0], Hash("token"), "ed25519:a", First);

    private static SiteState Do(SiteState state, SiteCommand command) =>
        ((Decision.Accepted)SiteLaw.Decide(state, command, Noon)).Events.Aggregate(state, (s, e) => SiteLaw.Apply(s, (SiteEvent)e));

    private static SiteState Enrolled => Do(Do(Nobody, Invite), Enrol);

    [Fact]
    public void enrols_once_and_answers_the_same_request_the_same_way()
    {
        Assert.IsType<Decision.Unchanged>(SiteLaw.Decide(Enrolled, Enrol, Noon + TimeSpan.FromDays(2)));
        var other = Enrol with { Certificate = First with { ConnectionKey = Hash("key2") } };
        Assert.Equal(new Decision.Refused(Refusal.TokenUsed), SiteLaw.Decide(Enrolled, other, Noon));
        Assert.Equal(new Decision.Refused(Refusal.TokenUsed), SiteLaw.Decide(Enrolled, Enrol with { Identity = "ed25519:b" }, Noon));
    }

    [Fact]
    public void needs_a_token_that_is_its_own_and_still_good()
    {
        var invited = Do(Nobody, Invite);
        Assert.Equal(new Decision.Refused(Refusal.TokenUnknown), SiteLaw.Decide(Nobody, Enrol, Noon));
        Assert.Equal(new Decision.Refused(Refusal.TokenUnknown), SiteLaw.Decide(invited, Enrol with { Token = Hash("guess") }, Noon));
        Assert.Equal(new Decision.Refused(Refusal.TokenExpired), SiteLaw.Decide(invited, Enrol, Noon + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void keeps_its_last_certificate_beside_the_new_one()
    {
        var second = new IssuedCertificate(Hash("key2"), "cert2", Noon + TimeSpan.FromDays(60));
        var renewed = Assert.IsType<SiteState.Enrolled>(Do(Enrolled, new SiteCommand.Renew(Hospitals[0], second)));
        Assert.Equal([First, second], renewed.Certificates);
        Assert.IsType<Decision.Unchanged>(SiteLaw.Decide(renewed, new SiteCommand.Renew(Hospitals[0], second), Noon));
    }

    [Fact]
    public void is_out_for_good_when_revoked_until_it_is_invited_anew()
    {
        var revoked = Do(Enrolled, new SiteCommand.Revoke(Hospitals[0], "key lost"));
        Assert.Equal(new Decision.Refused(Refusal.SiteIsRevoked), SiteLaw.Decide(revoked, new SiteCommand.Renew(Hospitals[0], First), Noon));
        Assert.Equal(new Decision.Refused(Refusal.TokenUnknown), SiteLaw.Decide(revoked, Enrol, Noon));
        Assert.IsType<SiteState.Invited>(Do(revoked, Invite));
        Assert.Equal(new Decision.Refused(Refusal.SiteIsEnrolled), SiteLaw.Decide(Enrolled, Invite, Noon));
    }
}
