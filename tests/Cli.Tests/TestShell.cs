using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PublicKey = DeepSeek.Federated.Signing.Keys.PublicKey;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Tests;

/// <summary>A folder of its own, output that a test can read, and a profile whose certificates are real.</summary>
public sealed class TestShell : IDisposable
{
    private readonly StringWriter _out = new(), _error = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dsfed-cli-");

    public string Folder => _folder.FullName;

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Task<int> Run(params string[] arguments)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(_out) });
        screen.Profile.Width = 200;
        return Program.Run(arguments, new Shell(screen, _out, _error, TimeProvider.System, Folder, _ => null), CancellationToken.None);
    }

    public string Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Where `dsfed` looks when nothing else is said.</summary>
    internal void WriteProfile(string url, PublicKey ledgerKey, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), notAfter ?? new DateTimeOffset(2060, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Write("federation/operator/profile.json", $$"""{"url":"{{url}}","federation":"test","ledgerKey":"{{ledgerKey}}"}""");
        Write("federation/operator/ca.pem", certificate.ExportCertificatePem());
        Write("federation/operator/cert.pem", certificate.ExportCertificatePem());
        Write("federation/operator/key.pem", key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
