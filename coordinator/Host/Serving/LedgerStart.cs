using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Serving;

/// <summary>Opens the ledger before anything reads it, and stops the coordinator when its writer has ended: nothing true could be said any more.</summary>
internal sealed class LedgerStart(Ledger ledger, IHostApplicationLifetime lifetime) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ledger.Start(cancellationToken);
        _ = ledger.Writing.ContinueWith(_ => lifetime.StopApplication(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    // The container disposes the ledger last: what is queued is written then.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
