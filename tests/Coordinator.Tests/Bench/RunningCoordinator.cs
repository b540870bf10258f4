using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Serving;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>A real coordinator in this process: real TLS on loopback, a real ledger in a folder of its own.</summary>
public sealed class RunningCoordinator : IAsyncLifetime
{
    private readonly List<IDisposable> _owned = [];
    private X509Certificate2 _authority = null!;
    private CoordinatorServer _server = null!;

    internal SkewedClock Clock { get; } = new();

    internal FederationDirectory Directory { get; } = new(Path.Combine(Path.GetTempPath(), $"coordinator-{Path.GetRandomFileName()}"));

    internal CoordinatorSettings Settings { get; init; } = CoordinatorSettings.Of("demo", ["localhost", "127.0.0.1"], 0);

    internal IServiceProvider Services => _server.Services;

    internal string Url => _server.Url;

    internal Operators.OperatorsClient Admin { get; private set; } = null!;

    internal X509Certificate2 AdminCertificate { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Foundation.Lay(Directory, Settings, Clock, CancellationToken.None);
        await Serve();
    }

    internal async Task Serve()
    {
        _server = await CoordinatorServer.Start(Directory, Settings, Clock, CancellationToken.None);
        _authority = X509CertificateLoader.LoadCertificate(X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Directory.AuthorityCertificate)).RawData);
        AdminCertificate = X509Certificate2.CreateFromPemFile(Path.Combine(Directory.Operator, "cert.pem"), Path.Combine(Directory.Operator, "key.pem"));
        Admin = new Operators.OperatorsClient(Channel(AdminCertificate));
    }

    internal async Task Stop()
    {
        foreach (var owned in _owned) owned.Dispose();
        _owned.Clear();
        await _server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Storage.LedgerFiles.Release();
        System.IO.Directory.Delete(Directory.Path, recursive: true);
    }

    internal GrpcChannel Channel(X509Certificate2? certificate)
    {
        var channel = GrpcChannel.ForAddress(Url, new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });
        _owned.Add(channel);
        return channel;
    }

    internal HttpClient Http(X509Certificate2? certificate)
    {
        var http = new HttpClient(Handler(certificate)) { BaseAddress = new Uri(Url) };
        _owned.Add(http);
        return http;
    }

    internal async Task<EnrolmentToken> Invite(string site, TimeSpan? valid = null) =>
        EnrolmentToken.Parse((await Admin.InviteAsync(new InviteRequest { Site = site, ValidSeconds = (long)(valid?.TotalSeconds ?? 0) })).Token);

    internal async Task<TestSite> Enrolled(string name)
    {
        var site = new TestSite(this, name);
        await site.Enrol((await Invite(name)).Disclose());
        return site;
    }

    internal async Task<X509Certificate2> Admitted(string name, string role, Operators.OperatorsClient? by = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var reply = await (by ?? Admin).AdmitOperatorAsync(new AdmitOperatorRequest { Operator = name, Role = role, CertificateRequest = TestSite.RequestOf(key) });
        using var bare = X509CertificateLoader.LoadCertificate(reply.Certificate.Span);
        return bare.CopyWithPrivateKey(key);
    }

    internal static HttpRequestMessage Put(byte[] blob, int from, int to, Digest? named = null, long? total = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, BlobPaths.Of(named ?? Digest.Of(blob))) { Content = new ByteArrayContent(blob[from..to]) };
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, to - 1, total ?? blob.Length);
        return request;
    }

    internal SocketsHttpHandler Handler(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => Pinned(shown);
        if (certificate is not null) handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return handler;
    }

    private bool Pinned(X509Certificate? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = Clock.GetUtcNow().UtcDateTime;
        return shown is X509Certificate2 certificate && chain.Build(certificate);
    }
}
