using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Grains.Members;
using DeepSeek.Federated.Grains.Sites;
using Microsoft.Extensions.DependencyInjection;

namespace DeepSeek.Federated.Grains.Tests.Sites;

public sealed class A_site_grain
{
    [Fact]
    public async Task gives_the_same_request_the_first_certificate_again_and_another_request_none()
    {
        await using var federation = await Federation.Start();
        using var site = new SimulatedSite(federation, "aachen", 0);
        await site.Enrol();
        var again = await federation.Site(site.Id).Enrol(site.Token, site.Identity, site.Certificate() with { Der = "bmV3" });
        Assert.Equal(site.Certificate(), Assert.IsType<CertificateOutcome.Issued>(again).Certificate);
        Assert.Equal(new CertificateOutcome.Refused(Refusal.TokenUsed), await federation.Site(site.Id).Enrol(site.Token, site.Identity, site.Certificate("2")));
    }

    [Fact]
    public async Task refuses_an_identity_that_another_site_has()
    {
        await using var federation = await Federation.Start();
        using var first = new SimulatedSite(federation, "aachen", 0);
        using var second = new SimulatedSite(federation, "bonn", 0);
        await first.Enrol();
        await federation.UntilMembers(1);
        await federation.Site(second.Id).Invite(second.Token, Federation.Noon.AddDays(1), "operator:test");
        Assert.Equal(new CertificateOutcome.Refused(Refusal.IdentityTaken), await federation.Site(second.Id).Enrol(second.Token, first.Identity, second.Certificate()));
    }

    [Fact]
    public async Task is_known_by_every_good_certificate_until_it_is_revoked_also_after_a_restart()
    {
        await using var federation = await Federation.Start();
        using var site = new SimulatedSite(federation, "aachen", 0);
        await site.Enrol();
        Assert.IsType<CertificateOutcome.Issued>(await federation.Site(site.Id).Renew(site.Certificate("2")));
        await federation.Restart();
        var membership = federation.Services.GetRequiredService<Membership>();
        foreach (var certificate in new[] { site.Certificate(), site.Certificate("2") })
            Assert.Equal(new SiteMember(site.Id, site.Identity, certificate.NotAfter), membership.SiteOf(NameOf(certificate.Der)));

        Assert.IsType<Answer.Recorded>(await federation.Site(site.Id).Revoke("left", "operator:test"));
        await federation.UntilMembers(0);
        Assert.Null(membership.SiteOf(NameOf(site.Certificate("2").Der)));
        Assert.Equal(new CertificateOutcome.Refused(Refusal.SiteIsRevoked), await federation.Site(site.Id).Renew(site.Certificate("3")));
    }

    [Fact]
    public async Task does_not_take_an_expired_token()
    {
        await using var federation = await Federation.Start();
        using var site = new SimulatedSite(federation, "aachen", 0);
        await federation.Site(site.Id).Invite(site.Token, Federation.Noon.AddSeconds(5), "operator:test");
        federation.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new CertificateOutcome.Refused(Refusal.TokenExpired), await federation.Site(site.Id).Enrol(site.Token, site.Identity, site.Certificate()));
    }

    private static Digest NameOf(string der) => Digest.Of(Convert.FromBase64String(der));
}
