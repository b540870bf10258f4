using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DeepSeek.Federated.Coordinator.Identity;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>A folder with which <c>dsfed</c> acts for an operator: <c>profile.json</c>, <c>ca.pem</c>, <c>cert.pem</c>, <c>key.pem</c>.</summary>
internal static class OperatorProfile
{
    /// <summary>Name of the admin whom <c>coordinator init</c> admits.</summary>
    public const string FirstAdmin = "admin";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(
        string folder, CertificateAuthority authority, X509Certificate2 certificate, ECDsa key, string url, string federation, string ledgerKey)
    {
        FederationDirectory.CreateFolder(folder);
        OwnerFile.Write(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem() + "\n");
        OwnerFile.Write(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem() + "\n");
        OwnerFile.Write(Path.Combine(folder, "ca.pem"), authority.Pem + "\n");
        WriteUrl(folder, url, federation, ledgerKey);
    }

    /// <summary>The port may be another one at every start; the profile beside the federation follows it.</summary>
    public static void WriteUrl(FederationDirectory directory, string url, string federation, string ledgerKey)
    {
        if (Directory.Exists(directory.Operator)) WriteUrl(directory.Operator, url, federation, ledgerKey);
    }

    private static void WriteUrl(string folder, string url, string federation, string ledgerKey) =>
        OwnerFile.Write(Path.Combine(folder, "profile.json"), JsonSerializer.Serialize(new { url, federation, ledgerKey }, Indented) + "\n");
}
