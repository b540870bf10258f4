using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DeepSeek.Federated.Cli.Admission;

/// <summary>
/// A profile's next key and certificate, beside the present ones until both are whole on disk: `key.next.pem` before anybody is asked,
/// `cert.next.pem` once the answer is there. From then on they are taken over, now or, after a crash, when the profile is read next.
/// </summary>
internal sealed class NextCertificate : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _folder;

    private NextCertificate(string folder) => _folder = folder;

    public static NextCertificate Begin(string folder)
    {
        var next = new NextCertificate(folder);
        Write(KeyOf(folder), next._key.ExportPkcs8PrivateKeyPem());
        return next;
    }

    public byte[] CertificateRequest() => new CertificateRequest("CN=renewal", _key, HashAlgorithmName.SHA256).CreateSigningRequest();

    public void Finish(ReadOnlySpan<byte> certificate)
    {
        Write(CertificateOf(_folder), PemEncoding.WriteString("CERTIFICATE", certificate));
        Adopt(_folder);
    }

    /// <summary>Takes over what a renewal left; does nothing where none did.</summary>
    public static void Adopt(string folder)
    {
        if (!File.Exists(CertificateOf(folder))) return;
        if (File.Exists(KeyOf(folder))) File.Move(KeyOf(folder), Path.Combine(folder, "key.pem"), overwrite: true);
        File.Move(CertificateOf(folder), Path.Combine(folder, "cert.pem"), overwrite: true);
    }

    public void Dispose() => _key.Dispose();

    private static string KeyOf(string folder) => Path.Combine(folder, "key.next.pem");

    private static string CertificateOf(string folder) => Path.Combine(folder, "cert.next.pem");

    private static void Write(string path, string text)
    {
        var unfinished = path + ".part";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }
}
