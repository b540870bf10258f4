using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage.Blobs;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Storage;

/// <summary>Wires this room.</summary>
public static class StorageRegistration
{
    /// <summary>Adds the ledger (<see cref="Ledger.Start"/> is the host's to call, before anything appends), its readers and the blob store.</summary>
    /// <exception cref="ArgumentException">An option is empty.</exception>
    public static IServiceCollection AddFederationStorage(this IServiceCollection services, StorageOptions options)
    {
        options.Check();
        services.TryAddSingleton<EventCatalog>();
        services.AddSingleton<IDbContextFactory<LedgerDbContext>>(s => new LedgerDatabases(options.Database, s.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(_ => new LedgerSigner(options.Federation, SigningKey.Load(options.LedgerKeyPath)));
        services.AddSingleton(_ => CrashPoint.FromEnvironment());
        services.AddSingleton(s => new Ledger(
            s.GetRequiredService<IDbContextFactory<LedgerDbContext>>(), s.GetRequiredService<LedgerSigner>(), s.GetRequiredService<EventCatalog>(),
            s.GetRequiredService<CrashPoint>(), s.GetRequiredService<ILogger<Ledger>>()));
        services.AddSingleton(s => new LedgerReader(s.GetRequiredService<IDbContextFactory<LedgerDbContext>>(), s.GetRequiredService<EventCatalog>()));
        services.AddSingleton(s => new PrivateParts(s.GetRequiredService<IDbContextFactory<LedgerDbContext>>()));
        services.AddSingleton<IBlobStore>(_ => new DirectoryBlobStore(options.BlobDirectory));
        return services;
    }
}
