using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Grains.Aggregates;
using DeepSeek.Federated.Grains.Members;
using DeepSeek.Federated.Grains.Serialization;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Grains.Telemetry;
using DeepSeek.Federated.Parameters.Protection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;

namespace DeepSeek.Federated.Grains;

/// <summary>Wires the grains and what stands behind them. Storage is registered before, the silo is configured by the host.</summary>
public static class GrainsRegistration
{
    // A message that carries a tensor by mistake shall fail in a test, not take a silo down.
    private const int MessageBytes = 4 * 1024 * 1024;

    /// <summary>Membership, studies, aggregation, wake-up and meters.</summary>
    public static IServiceCollection AddFederationGrains(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IProtection, ClearProtection>());
        services.AddSingleton<Membership>();
        services.AddSingleton<StudyRegister>();
        services.AddSingleton<StudyTroubles>();
        services.AddSingleton<FederationMetrics>();
        services.AddSingleton<Aggregator>();
        services.AddSingleton<VersionMaker>();
        services.AddSingleton<UpdateBlobs>();
        services.AddHostedService<LedgerFeed>();
        services.AddHostedService<StudyWakeup>();
        return services;
    }

    /// <summary>The silo's part: how grain messages are written, how large they may be and how long a call may take.</summary>
    public static ISiloBuilder UseFederationGrains(this ISiloBuilder silo)
    {
        silo.Services.AddGrainMessages();
        silo.Services.Configure<SiloMessagingOptions>(messages =>
        {
            messages.MaxMessageBodySize = MessageBytes;
            messages.ResponseTimeout = TimeSpan.FromSeconds(30);
        });
        return silo;
    }

    /// <summary>The domain's records in grain messages; a client outside the silo needs it too.</summary>
    internal static IServiceCollection AddGrainMessages(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(DomainForm.Covers, _ => false, options =>
            options.Configure(json => json.SerializerOptions = DomainForm.Options())));
        services.AddSingleton<IGeneralizedCopier, ImmutableDomainCopier>();
        return services.Configure<TypeManifestOptions>(types => types.AddAllowedAssembly(typeof(Digest).Assembly));
    }
}
