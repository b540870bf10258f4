using DeepSeek.Federated.Storage;
using Microsoft.Extensions.Hosting;

namespace DeepSeek.Federated.Grains.Tests;

/// <summary>Opens the ledger before whatever reads it, as the coordinator does.</summary>
internal sealed class LedgerStart(Ledger ledger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => ledger.Start(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
