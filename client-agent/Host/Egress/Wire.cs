using System.Net;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Net.Client;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>Connections to the coordinator: the only place where a handler, a client or a channel is made, and all of them behind the gate.</summary>
public sealed class Wire : IDisposable
{
    private readonly EgressGate _calls, _bodies;
    private readonly GrpcChannel _channel;
    private readonly PinnedAuthority _pin;

    // Two handlers: a gRPC channel takes its handler's connections over and serves nobody else with them.
    private Wire(EgressDesk desk, Uri address, PinnedAuthority pin, Func<HttpMessageHandler> handler)
    {
        _pin = pin;
        (_calls, _bodies) = (new EgressGate(desk, handler()), new EgressGate(desk, handler()));
        Blobs = new HttpClient(_bodies, disposeHandler: false)
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,               // progress decides, not a clock
            DefaultRequestVersion = HttpVersion.Version11,    // half the CPU of HTTP/2 for bodies
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = _calls,
            DisposeHttpClient = false,
            MaxReceiveMessageSize = 2 * Protocol.WireLimits.MessageBytes,
            MaxSendMessageSize = Protocol.WireLimits.MessageBytes,
            ThrowOperationCanceledOnCancellation = true,
            CompressionProviders = [],   // a compressed answer's length says nothing of what it becomes
        });
        (Enrolment, Agents) = (new Enrolment.EnrolmentClient(_channel), new Agents.AgentsClient(_channel));
    }

    public HttpClient Blobs { get; }

    public Enrolment.EnrolmentClient Enrolment { get; }

    public Agents.AgentsClient Agents { get; }

    /// <summary>What was wrong with the server's certificate at the last failed connection, in words; null when nothing was.</summary>
    public string? CertificateObjection => _pin.Objection;

    /// <summary>With the pinned CA; with the site's certificate where it has one.</summary>
    public static Wire Dial(EgressDesk desk, Uri address, string? proxy, X509Certificate2 authority, X509Certificate2? client) =>
        Over(desk, address, proxy, new PinnedAuthority(authority, client));

    /// <summary>To fetch the CA's certificate only, whose digest the caller knows: nothing else may be trusted over this.</summary>
    internal static Wire DialUnknown(EgressDesk desk, Uri address, string? proxy) => Over(desk, address, proxy, new PinnedAuthority(null, null));

    /// <summary>For tests that stand in the coordinator's place.</summary>
    internal static Wire Over(EgressDesk desk, Uri address, HttpMessageHandler handler) => new(desk, address, new PinnedAuthority(null, null), () => handler);

    private static Wire Over(EgressDesk desk, Uri address, string? proxy, PinnedAuthority pin) => new(desk, address, pin, () => Handler(proxy, pin));

    private static SocketsHttpHandler Handler(string? proxy, PinnedAuthority pin)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = pin.Options(),
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ActivityHeadersPropagator = null,   // no trace headers: they would leave unrecorded
        };
        if (proxy == "none") handler.UseProxy = false;
        else if (proxy is not null) handler.Proxy = new WebProxy(proxy);
        else handler.Proxy = HttpClient.DefaultProxy;   // HTTPS_PROXY, NO_PROXY
        return handler;
    }

    public void Dispose()
    {
        Blobs.Dispose();
        _channel.Dispose();
        _calls.Dispose();
        _bodies.Dispose();
    }
}
