using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Grains;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;

namespace DeepSeek.Federated.Coordinator.Serving;

/// <summary>The composition root: what the coordinator is made of, in the order it starts.</summary>
internal static class Composition
{
    // Two for each of ten thousand agents, at some 80 KB each.
    private const long MostConnections = 20_000;
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(20);

    public static WebApplication Build(
        FederationDirectory directory, CoordinatorSettings settings, CertificateAuthority authority, FederationKeys keys, TimeProvider clock)
    {
        // Slim: no configuration files, no environment overrides, no static files; what counts stands in coordinator.json.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = directory.Path, ApplicationName = "coordinator" });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown);
        builder.Logging.AddCoordinatorLog();
        builder.Services.AddTelemetry();
        builder.Services.AddSingleton(clock).AddSingleton(settings).AddSingleton(authority).AddSingleton(keys).AddSingleton<EventCatalog>();
        builder.Services.AddFederationStorage(directory.Storage(settings)).AddHostedService<LedgerStart>();
        builder.Services.AddFederationGrains();
        // After the grains' own feed: whoever finds a leaf on the board finds it in the membership too.
        builder.Services.AddSingleton<StudyBoard>().AddHostedService<StudyBoardFeed>();
        builder.UseOrleans(silo => silo.UseOneSilo().UseFederationGrains());
        builder.Services.AddGateway();
        builder.Services.AddSingleton<SiteLimits>().AddSingleton(_ => new UploadRecords(directory.Uploads));
        // After the board's feed: what no open round waits for is seen there.
        builder.Services.AddHostedService(services => services.GetRequiredService<UploadSlots>());

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, settings, authority, new ServerCertificate(authority, settings.Hosts, clock)));
        var app = builder.Build();
        app.UseRouting();
        app.MapGateway();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, CoordinatorSettings settings, CertificateAuthority authority, ServerCertificate shown)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestBodySize = WireLimits.UploadPieceBytes;
        // Progress decides, not a timeout: a slow line may take hours, a stalled one is cut.
        kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromSeconds(30));
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        var tls = new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = shown.Current,
                EnabledSslProtocols = SslProtocols.Tls13,
                ClientCertificateRequired = true,
                CertificateChainPolicy = authority.Policy(),
                // Asked for, never demanded: enrolment has none yet, and a wrong one is answered with a sentence by the door.
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null or X509Certificate2,
            }),
        };
        void Port(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(tls);
        }
        if (settings.Hosts.All(IsLoopback)) kestrel.Listen(IPAddress.Loopback, settings.Port, Port);
        else kestrel.ListenAnyIP(settings.Port, Port);
    }

    private static bool IsLoopback(string host) => host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);

    private static void AddCoordinatorLog(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
            line.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // stdout is for the one line that says where the coordinator listens.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("DeepSeek", LogLevel.Information)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error); // it advises server GC, which is for other machines
    }

    private static ISiloBuilder UseOneSilo(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(gatewayPort: 0);
        foreach (var transport in silo.Services.Where(s => s.IsKeyedService && s.ServiceType == typeof(IConnectionListenerFactory)).ToList())
        {
            silo.Services.Remove(transport);
            silo.Services.Add(new ServiceDescriptor(transport.ServiceType, transport.ServiceKey, new SilentTransport()));
        }
        return silo;
    }
}
