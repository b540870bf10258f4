using System.Security.Cryptography;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Coordinator.Tests.Bench;

namespace DeepSeek.Federated.Coordinator.Tests.Identity;

public sealed class A_certificate_request
{
    private static readonly byte[] Good = [.. TestSite.RequestOf(ECDsa.Create(ECCurve.NamedCurves.nistP256))];

    [Fact]
    public void of_a_P256_key_is_sound() => Assert.IsType<CertificateRequestReading.Sound>(CertificateRequestReading.Read(Good));

    [Fact]
    public void of_any_other_key_is_not()
    {
        Assert.Contains("P-256", Unsound([.. TestSite.RequestOf(ECDsa.Create(ECCurve.NamedCurves.nistP384))]), StringComparison.Ordinal);
        Assert.IsType<CertificateRequestReading.Unsound>(CertificateRequestReading.Read([.. TestSite.RequestOf(RSA.Create(2048))]));
    }

    [Fact]
    public void that_its_key_did_not_sign_is_not()
    {
        var forged = Good.ToArray();
        forged[^5] ^= 1;
        Assert.NotEmpty(Unsound(forged));
    }

    [Fact]
    public void of_the_wrong_length_is_not()
    {
        Assert.NotEmpty(Unsound([]));
        Assert.NotEmpty(Unsound(Good[..^1]));
        Assert.NotEmpty(Unsound([.. Good, 0]));
        Assert.NotEmpty(Unsound(new byte[5000]));
    }

    private static string Unsound(byte[] der) => Assert.IsType<CertificateRequestReading.Unsound>(CertificateRequestReading.Read(der)).Why;
}
