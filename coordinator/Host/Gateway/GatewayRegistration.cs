using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Protocol;
using Grpc.AspNetCore.Server;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The gateway's services and routes.</summary>
internal static class GatewayRegistration
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = WireLimits.MessageBytes;
            grpc.Interceptors.Add<DoorInterceptor>();
        });
        // gRPC's own gzip measures a message before it is inflated, and before the door is asked: a stranger's 2 MiB would become 2 GiB. After all
        // configuration, since the defaults are put in last; compressed requests are then answered with UNIMPLEMENTED.
        services.PostConfigure<GrpcServiceOptions>(grpc => grpc.CompressionProviders.Clear());
        return services
            .AddSingleton<Door>().AddSingleton<DoorInterceptor>().AddSingleton<Connections>().AddSingleton<EnrolmentLimit>()
            .AddSingleton<LeafPages>().AddSingleton<UpdateCheck>().AddSingleton<Statements>().AddSingleton<StudyDesk>().AddSingleton<LedgerDesk>().AddSingleton<ErasureDesk>()
            .AddSingleton<BlobRights>().AddSingleton<UploadSlots>().AddSingleton<BlobEndpoints>();
    }

    public static void MapGateway(this WebApplication app)
    {
        app.MapGrpcService<EnrolmentService>();
        app.MapGrpcService<AgentsService>();
        app.MapGrpcService<OperatorsService>();
        BlobEndpoints.Map(app);
        app.MapGet("/ca", static (CertificateAuthority authority) => Results.Bytes(authority.Der.ToArray(), "application/pkix-cert"));
        app.MapGet("/health/live", static () => Results.Text("live\n"));
        app.MapGet("/health/ready", static (IHostApplicationLifetime lifetime) =>
            lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested
                ? Results.Text("ready\n")
                : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
