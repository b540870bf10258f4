using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>The connections with this site's certificate, which is renewed unattended when two thirds of its life are over.</summary>
public sealed class CertifiedWires : IWireSource, IDisposable
{
    private const string RenewalPurpose = "federated.renewal";
    private readonly SiteDirectory _directory;
    private readonly SiteSettings _settings;
    private readonly EgressDesk _desk;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private X509Certificate2 _certificate;
    private volatile Wire _current;

    public CertifiedWires(SiteDirectory directory, SiteSettings settings, EgressDesk desk, TimeProvider clock, ILogger log)
    {
        (_directory, _settings, _desk, _clock, _log) = (directory, settings, desk, clock, log);
        _certificate = ConnectionCertificate.Load(directory);
        _current = Dial();
    }

    public Wire Current => _current;

    /// <summary>Renews, again and again, until it is cancelled.</summary>
    public async Task KeepRenewed(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(_clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (begin, end) = ((DateTimeOffset)_certificate.NotBefore, (DateTimeOffset)_certificate.NotAfter);
            var due = begin + (end - begin) * 2 / 3;
            for (TimeSpan wait; (wait = due - _clock.GetUtcNow()) > TimeSpan.Zero;)   // in steps: a laptop sleeps, a timer then sleeps too
                await Task.Delay(wait < TimeSpan.FromMinutes(10) ? wait : TimeSpan.FromMinutes(10), _clock, cancellationToken);
            try
            {
                await Renew(cancellationToken);
                backoff.Succeeded();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && (failure is IOException or SiteFaultException || Trouble.Of(failure, _current) is not null))
            {
                _log.CertificateNotRenewed(Trouble.Of(failure, _current)?.Sentence ?? failure.Message, end);
                await backoff.Wait(cancellationToken);
            }
        }
    }

    private async Task Renew(CancellationToken cancellationToken)
    {
        var pending = Pending();
        using var key = ECDsa.Create();
        key.ImportFromPem(pending.Key);
        var bytes = Convert.FromBase64String(pending.Request);
        using var identity = SigningKey.Load(_directory.Identity);
        var request = new RenewRequest
        {
            Version = ProtocolVersion.Current, CertificateRequest = ByteString.CopyFrom(bytes), IdentityProof = ByteString.CopyFrom(DetachedSignature.Sign(identity, RenewalPurpose, bytes)),
        };
        var reply = await _current.Agents.RenewAsync(request, cancellationToken: cancellationToken);
        var notAfter = ConnectionCertificate.Save(_directory, reply.Certificate.Span, key);
        File.Delete(_directory.RenewalRequest);
        var (old, oldCertificate) = (_current, _certificate);
        _certificate = ConnectionCertificate.Load(_directory);
        _current = Dial();
        old.Dispose();   // whatever was under way on it comes back over the new one
        oldCertificate.Dispose();
        _log.CertificateRenewed(notAfter);
    }

    // The same request until it is answered: the coordinator honours the two newest certificates, and a lost answer must not cost one.
    private PendingRenewal Pending()
    {
        if (File.Exists(_directory.RenewalRequest)) return StrictJson.Read<PendingRenewal>(_directory.RenewalRequest, "Remove the file: a new request is made.");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var made = new PendingRenewal(Convert.ToBase64String(ConnectionCertificate.Request(_settings.Site, key)), key.ExportPkcs8PrivateKeyPem());
        StrictJson.Write(_directory.RenewalRequest, made);
        return made;
    }

    private Wire Dial() =>
        Wire.Dial(_desk, new Uri(_settings.Url), _settings.Proxy, ConnectionCertificate.LoadAuthority(_directory), _certificate);

    public void Dispose()
    {
        _current.Dispose();
        _certificate.Dispose();
    }

    private sealed record PendingRenewal(string Request, string Key);
}
