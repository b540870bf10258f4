using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DeepSeek.Federated.Cli.Connection;

namespace DeepSeek.Federated.Cli.Admission;

/// <summary>A profile in the making: the key never leaves this machine, only its certificate request does.</summary>
internal sealed class NewProfile : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _name;

    /// <exception cref="IOException">The folder is there and not empty.</exception>
    public NewProfile(string folder, string name)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"'{folder}' is not empty, and a profile is never written over another. Name a new folder with --out.");
        (Folder, _name) = (folder, name);
    }

    public string Folder { get; }

    public byte[] CertificateRequest() =>
        new CertificateRequest(new X500DistinguishedName($"CN={_name}"), _key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>Writes the folder: same coordinator, same pins, the new certificate.</summary>
    public void Write(OperatorProfile like, ReadOnlySpan<byte> certificate)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Folder);
        else Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        WriteFile("key.pem", _key.ExportPkcs8PrivateKeyPem());
        WriteFile("cert.pem", PemEncoding.WriteString("CERTIFICATE", certificate));
        File.Copy(Path.Combine(like.Folder, "ca.pem"), Path.Combine(Folder, "ca.pem"));
        WriteFile("profile.json", JsonSerializer.Serialize(new Form(like.Url.ToString(), like.Federation, like.LedgerKey.ToString()), Camel));
    }

    public void Dispose() => _key.Dispose();

    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private sealed record Form(string Url, string Federation, string LedgerKey);

    private void WriteFile(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(Path.Combine(Folder, file), options);
        writer.WriteLine(text);
    }
}
