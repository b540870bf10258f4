using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DeepSeek.Federated.Coordinator.Identity;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>The folder with which <c>dsfed</c> acts for the first admin: <c>profile.json</c>, <c>ca.pem</c>, <c>cert.pem</c>, <c>key.pem</c>.</summary>
internal static class OperatorProfile
{
    /// <summary>Name of the admin whom <c>coordinator init</c> admits.</summary>
    public const string FirstAdmin = "admin";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(
        FederationDirectory directory, CertificateAuthority authority, X509Certificate2 certificate, ECDsa key, string url, string federation, string ledgerKey)
    {
        FederationDirectory.CreateFolder(directory.Operator);
        OwnerFile.Write(In(directory, "key.pem"), key.ExportPkcs8PrivateKeyPem() + "\n");
        OwnerFile.Write(In(directory, "cert.pem"), certificate.ExportCertificatePem() + "\n");
        OwnerFile.Write(In(directory, "ca.pem"), authority.Pem + "\n");
        WriteUrl(directory, url, federation, ledgerKey);
    }

    /// <summary>The port may be another one at every start; the profile beside the federation follows it.</summary>
    public static void WriteUrl(FederationDirectory directory, string url, string federation, string ledgerKey)
    {
        if (!Directory.Exists(directory.Operator)) return;
        OwnerFile.Write(In(directory, "profile.json"), JsonSerializer.Serialize(new { url, federation, ledgerKey }, Indented) + "\n");
    }

    private static string In(FederationDirectory directory, string file) => Path.Combine(directory.Operator, file);
}
