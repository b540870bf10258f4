using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Names;
using Microsoft.Extensions.Time.Testing;

namespace DeepSeek.Federated.Coordinator.Tests.Identity;

public sealed class A_certificate_authority
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PublicKey Key = new CertificateRequest("CN=someone else", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256).PublicKey;

    [Fact]
    public void decides_every_name_in_a_certificate_itself()
    {
        using var authority = CertificateAuthority.Found("demo", Noon);
        using var certificate = authority.IssueSite(new SiteId("cleveland"), Key, Noon, TimeSpan.FromDays(30));
        Assert.Equal("cleveland", certificate.GetNameInfo(X509NameType.SimpleName, false));
        Assert.Contains("spiffe://demo/site/cleveland", certificate.Extensions["2.5.29.17"]!.Format(false), StringComparison.Ordinal);
        Assert.Equal((Noon - TimeSpan.FromMinutes(5)).UtcDateTime, certificate.NotBefore.ToUniversalTime());
        Assert.Equal((Noon + TimeSpan.FromDays(30)).UtcDateTime, certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void knows_its_own_client_certificates_and_no_others()
    {
        using var authority = CertificateAuthority.Found("demo", Noon);
        using var twin = CertificateAuthority.Found("demo", Noon);
        using var own = authority.IssueOperator("admin", Key, Noon, TimeSpan.FromDays(1));
        using var foreign = twin.IssueOperator("admin", Key, Noon, TimeSpan.FromDays(1));
        using var server = authority.IssueServer(["localhost"], Key, Noon, TimeSpan.FromDays(1));
        Assert.True(authority.Issued(own, Noon));
        Assert.True(authority.Issued(own, Noon + TimeSpan.FromDays(2)), "time is another question");
        Assert.False(authority.Issued(foreign, Noon));
        Assert.False(authority.Issued(server, Noon));
    }

    [Fact]
    public void renews_the_servers_certificate_before_it_expires()
    {
        var clock = new FakeTimeProvider(Noon);
        using var authority = CertificateAuthority.Found("demo", Noon);
        using var shown = new ServerCertificate(authority, ["localhost", "127.0.0.1"], clock);
        var first = shown.Current;
        clock.Advance(TimeSpan.FromDays(19));
        Assert.Same(first, shown.Current);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.NotSame(first, shown.Current);
        Assert.True(shown.Current.TargetCertificate.NotAfter.ToUniversalTime() > clock.GetUtcNow() + TimeSpan.FromDays(29));
        Assert.True(shown.Current.TargetCertificate.MatchesHostname("127.0.0.1"));
    }
}
