using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DeepSeek.Federated.Coordinator.Identity;

/// <summary>The certificate that the coordinator shows. Its key lives in memory only; the handshake that finds it two thirds spent makes the next.</summary>
internal sealed class ServerCertificate(CertificateAuthority authority, ImmutableArray<string> hosts, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);
    private readonly Lock _renewing = new();
    private (SslStreamCertificateContext Context, DateTimeOffset RenewAt)? _current;

    /// <summary>What a handshake beginning now shows.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_renewing)
            {
                var now = clock.GetUtcNow();
                // The one before is not disposed: handshakes that began with it may still run.
                if (_current is not { } shown || now >= shown.RenewAt) _current = shown = (Make(now), now + Life * 2 / 3);
                return shown.Context;
            }
        }
    }

    public void Dispose() => _current?.Context.TargetCertificate.Dispose();

    private SslStreamCertificateContext Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        using var bare = authority.IssueServer(hosts, request.PublicKey, now, Life);
        return SslStreamCertificateContext.Create(bare.CopyWithPrivateKey(key), additionalCertificates: null, offline: true);
    }
}
