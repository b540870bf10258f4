namespace DeepSeek.Federated.Storage.Tests;

/// <summary>Holds a ledger's writer right after its next commit, so that what queues meanwhile is no question of timing.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable _subscription;

    public HeldWriter(Ledger ledger) => _subscription = ledger.Subscribe(_ =>
    {
        Commits++;
        _held.TrySetResult();
        _release.Wait();
    });

    public int Commits { get; private set; }

    public Task Held => _held.Task;

    public void Release() => _release.Set();

    public void Dispose()
    {
        _release.Set();
        _subscription.Dispose();
        // not disposing the event: the writer may still be leaving it
    }
}
