using System.Security.Cryptography;
using DeepSeek.Federated.Cli.Admission;
using DeepSeek.Federated.Cli.Connection;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Cli.Tests.Admission;

public sealed class A_renewed_certificate : IDisposable
{
    private readonly TestShell _shell = new();
    private readonly SigningKey _ledger = SigningKey.Create();

    public A_renewed_certificate() => _shell.WriteProfile("https://127.0.0.1:1", _ledger.Public);

    private string Folder => Path.Combine(_shell.Folder, "federation", "operator");

    public void Dispose()
    {
        _shell.Dispose();
        _ledger.Dispose();
    }

    [Fact]
    public void takes_the_place_of_the_former_one_with_its_own_key()
    {
        var former = File.ReadAllText(Path.Combine(Folder, "key.pem"));
        using (var next = NextCertificate.Begin(Folder)) next.Finish(CertificateFor(next));
        Assert.NotEqual(former, File.ReadAllText(Path.Combine(Folder, "key.pem")));
        using var certificate = OperatorProfile.Read(Folder).Certificate();
        Assert.Equal("CN=renewed", certificate.Subject);
        Assert.True(certificate.HasPrivateKey);
        Assert.Equal(["ca.pem", "cert.pem", "key.pem", "profile.json"], Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "key.pem")));
    }

    [Fact]
    public void is_taken_over_after_a_crash_at_any_point_and_an_unanswered_request_changes_nothing()
    {
        NextCertificate.Begin(Folder).Dispose(); // asked, never answered
        using (var former = OperatorProfile.Read(Folder).Certificate()) Assert.Equal("CN=root", former.Subject);

        using var next = NextCertificate.Begin(Folder);
        File.WriteAllText(Path.Combine(Folder, "cert.next.pem"), PemEncoding.WriteString("CERTIFICATE", CertificateFor(next)));
        File.Move(Path.Combine(Folder, "key.next.pem"), Path.Combine(Folder, "key.pem"), overwrite: true); // and died here
        using var certificate = OperatorProfile.Read(Folder).Certificate();
        Assert.Equal("CN=renewed", certificate.Subject);
    }

    private static byte[] CertificateFor(NextCertificate next)
    {
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = System.Security.Cryptography.X509Certificates.CertificateRequest.LoadSigningRequest(
            next.CertificateRequest(), HashAlgorithmName.SHA256, signerSignaturePadding: null);
        var renewed = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            new System.Security.Cryptography.X509Certificates.X500DistinguishedName("CN=renewed"), request.PublicKey, HashAlgorithmName.SHA256);
        using var certificate = renewed.Create(
            new System.Security.Cryptography.X509Certificates.X500DistinguishedName("CN=ca"), System.Security.Cryptography.X509Certificates.X509SignatureGenerator.CreateForECDsa(authority),
            TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1), [1]);
        return certificate.RawData;
    }
}
