using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Net.Client;

namespace DeepSeek.Federated.Cli.Connection;

/// <summary>The one connection to the coordinator: gRPC and blobs over TLS 1.3, both sides with certificates, only the federation's own CA trusted.</summary>
internal sealed class CoordinatorLink : IDisposable
{
    private readonly X509Certificate2 _authority, _certificate;
    private readonly GrpcChannel _channel;

    public CoordinatorLink(OperatorProfile profile)
    {
        Profile = profile;
        (_authority, _certificate) = (profile.Authority(), profile.Certificate());
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = Trust(),
        };
        Http = new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = profile.Url,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _channel = GrpcChannel.ForAddress(profile.Url, new GrpcChannelOptions
        {
            HttpClient = Http,
            MaxReceiveMessageSize = WireLimits.MessageBytes,
            MaxSendMessageSize = WireLimits.MessageBytes,
            CompressionProviders = [],   // a compressed answer's length says nothing of what it becomes
        });
        Operators = new Operators.OperatorsClient(_channel);
    }

    public OperatorProfile Profile { get; }

    /// <summary>When the profile's certificate expires.</summary>
    public DateTimeOffset NotAfter => new(_certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    public Operators.OperatorsClient Operators { get; }

    public HttpClient Http { get; }

    private SslClientAuthenticationOptions Trust() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificates = [_certificate],
        // The policy, not a callback: name and chain are checked by the platform, and no store of the machine is asked.
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _authority },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    public void Dispose()
    {
        _channel.Dispose();
        Http.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }
}
