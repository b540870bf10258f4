using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>The connection's certificate and its key: one PEM file, so that both change in one rename.</summary>
public static class ConnectionCertificate
{
    /// <exception cref="SiteFaultException">The file is missing or damaged.</exception>
    public static X509Certificate2 Load(SiteDirectory directory)
    {
        try
        {
            var pem = File.ReadAllText(directory.Connection);
            using var certificate = X509Certificate2.CreateFromPem(pem, pem);
            // Windows' TLS wants a key from its own store; the detour by PKCS #12 gives it one, and does no harm elsewhere.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception broken) when (broken is CryptographicException or FileNotFoundException or ArgumentException)
        {
            throw new SiteFaultException($"'{directory.Connection}' holds no certificate with its key: {broken.Message} Ask for a new token and enrol again.", broken);
        }
    }

    public static X509Certificate2 LoadAuthority(SiteDirectory directory)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(directory.Authority);
        }
        catch (CryptographicException broken)
        {
            throw new SiteFaultException($"'{directory.Authority}' is no certificate: {broken.Message} Enrol again, or copy the CA's certificate from the coordinator.", broken);
        }
    }

    /// <summary>A request for a certificate of this site: the subject is its name, the signature proves the key.</summary>
    public static byte[] Request(SiteId site, ECDsa key) =>
        new CertificateRequest($"CN={site}", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>Puts certificate and key in place, if they belong together.</summary>
    /// <exception cref="SiteFaultException">The certificate is for another key.</exception>
    public static DateTimeOffset Save(SiteDirectory directory, ReadOnlySpan<byte> certificate, ECDsa key)
    {
        using var parsed = X509CertificateLoader.LoadCertificate(certificate);
        using var theirs = parsed.GetECDsaPublicKey();
        if (theirs is null || !theirs.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            throw new SiteFaultException("The coordinator sent a certificate for another key. Ask its operators; nothing was changed here.");
        var pem = $"{parsed.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        DurableFile.Write(directory.Connection, System.Text.Encoding.ASCII.GetBytes(pem));
        return parsed.NotAfter;
    }
}
