using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Coordinator.Identity;

/// <summary>The federation's own CA (ECDSA P-256). It authenticates connections, never statements: those bear the sites' identities.</summary>
/// <remarks>Thread-safe: signing with an ECDsa key is, in OpenSSL and CNG.</remarks>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>How far a clock may be behind ours before a new certificate seems to come from the future.</summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1"), ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private readonly X509Certificate2 _certificate;
    private readonly string _federation;

    private CertificateAuthority(X509Certificate2 certificate, string federation)
    {
        (_certificate, _federation) = (certificate, federation);
        Der = [.. certificate.RawData];
        Fingerprint = Digest.Of(certificate.RawData);
    }

    /// <summary>The CA's certificate: what everybody pins.</summary>
    public ImmutableArray<byte> Der { get; }

    /// <summary>SHA-256 of <see cref="Der"/>: what tokens and the first leaf name.</summary>
    public Digest Fingerprint { get; }

    public string Pem => new(PemEncoding.Write("CERTIFICATE", Der.AsSpan()));

    public static CertificateAuthority Found(string federation, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NameOf($"{federation} federation CA", federation), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new CertificateAuthority(request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + Life), federation);
    }

    /// <exception cref="CryptographicException">The files do not belong together or are damaged.</exception>
    public static CertificateAuthority Load(FederationDirectory directory, string federation)
    {
        using var bare = X509Certificate2.CreateFromPem(File.ReadAllText(directory.AuthorityCertificate));
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(directory.AuthorityKey));
        return new CertificateAuthority(bare.CopyWithPrivateKey(key), federation);
    }

    public void Save(FederationDirectory directory)
    {
        using var key = _certificate.GetECDsaPrivateKey()!;
        OwnerFile.Write(directory.AuthorityKey, key.ExportPkcs8PrivateKeyPem() + "\n");
        OwnerFile.Write(directory.AuthorityCertificate, Pem + "\n");
    }

    public X509Certificate2 IssueSite(SiteId site, PublicKey key, DateTimeOffset now, TimeSpan life) =>
        Issue(site.Value, $"spiffe://{_federation}/site/{site}", key, now, life);

    public X509Certificate2 IssueOperator(string name, PublicKey key, DateTimeOffset now, TimeSpan life) =>
        Issue(name, $"spiffe://{_federation}/operator/{name}", key, now, life);

    public X509Certificate2 IssueServer(ImmutableArray<string> hosts, PublicKey key, DateTimeOffset now, TimeSpan life)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        return Issue(hosts[0], key, ServerAuthentication, names, now, life);
    }

    /// <summary>Whether this CA, and no other, issued the certificate for a client. Says nothing about membership, nor about time.</summary>
    public bool Issued(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = Policy();
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        // An expired certificate is told from a foreign one: its time is checked on every request, by the coordinator's own clock.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }

    /// <summary>Trust in this CA only, without any look at the world outside.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // the ledger's list is the truth, and is asked on every request
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(_certificate);
        return policy;
    }

    public void Dispose() => _certificate.Dispose();

    private X509Certificate2 Issue(string commonName, string uri, PublicKey key, DateTimeOffset now, TimeSpan life)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        return Issue(commonName, key, ClientAuthentication, names, now, life);
    }

    private X509Certificate2 Issue(
        string commonName, PublicKey key, Oid use, SubjectAlternativeNameBuilder names, DateTimeOffset now, TimeSpan life)
    {
        var request = new CertificateRequest(NameOf(commonName, _federation), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], false));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40); // positive, and always 16 bytes
        var last = _certificate.NotAfter.ToUniversalTime();
        var notAfter = now + life < last ? now + life : last;
        return request.Create(_certificate, now - ClockSlack, notAfter, serial);
    }

    private static X500DistinguishedName NameOf(string commonName, string organization)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName(organization);
        name.AddCommonName(commonName);
        return name.Build();
    }
}
