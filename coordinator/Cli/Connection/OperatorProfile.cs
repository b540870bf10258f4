using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DeepSeek.Federated.Cli.Admission;
using DeepSeek.Federated.Domain.Reading;
using PublicKey = DeepSeek.Federated.Signing.Keys.PublicKey;

namespace DeepSeek.Federated.Cli.Connection;

/// <summary>A profile that cannot be used; the message names the cause and the mend.</summary>
internal sealed class ProfileException(string message) : Exception(message);

/// <summary>Who the operator is and which federation is meant: <c>profile.json</c>, <c>ca.pem</c>, <c>cert.pem</c>, <c>key.pem</c> in one folder.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Url">The coordinator.</param>
/// <param name="Federation">The federation's name: the origin of its checkpoints.</param>
/// <param name="LedgerKey">The pinned key of its checkpoints.</param>
internal sealed record OperatorProfile(string Folder, Uri Url, string Federation, PublicKey LedgerKey)
{
    /// <summary>Reads the folder's profile.json.</summary>
    /// <exception cref="ProfileException">Missing or not lawful.</exception>
    public static OperatorProfile Read(string folder)
    {
        NextCertificate.Adopt(folder);
        var path = Path.Combine(folder, "profile.json");
        if (!File.Exists(path))
            throw new ProfileException(
                $"There is no operator profile in '{folder}'. Name one with --profile DIR or DSFED_PROFILE; `coordinator init` makes the first in DIR/operator.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var faults = new List<string>();
            var reader = new DocumentReader(document.RootElement, faults);
            var (url, federation, key) = (reader.Text("url", 300), reader.Text("federation", 200), reader.Text("ledgerKey", 100));
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "https") reader.Fault("url", "must be an https URL");
            if (!PublicKey.TryParse(key, out var ledgerKey)) reader.Fault("ledgerKey", "must be 'ed25519:' and 43 characters of base64url");
            reader.Finish();
            return faults.Count == 0
                ? new OperatorProfile(folder, uri!, federation, ledgerKey)
                : throw new ProfileException($"The profile '{path}' is not usable: {string.Join(' ', faults)}");
        }
        catch (JsonException broken)
        {
            throw new ProfileException($"The profile '{path}' is not JSON: {broken.Message}");
        }
    }

    /// <summary>The federation's CA: the only one that is trusted.</summary>
    public X509Certificate2 Authority() => Load("ca.pem", path => X509CertificateLoader.LoadCertificateFromFile(path));

    /// <summary>The operator's certificate with its key.</summary>
    public X509Certificate2 Certificate() => Load("cert.pem", path =>
    {
        using var pair = X509Certificate2.CreateFromPemFile(path, Path.Combine(Folder, "key.pem"));
        // Windows' TLS takes no key that lives in memory only.
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pfx), null);
    });

    private X509Certificate2 Load(string file, Func<string, X509Certificate2> load)
    {
        var path = Path.Combine(Folder, file);
        try
        {
            return load(path);
        }
        catch (Exception broken) when (broken is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new ProfileException($"'{path}' cannot be used: {broken.Message} Ask an admin of the federation for `dsfed operator admit`.");
        }
    }
}
