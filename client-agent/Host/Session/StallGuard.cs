namespace DeepSeek.Federated.Agent.Session;

/// <summary>Cancels a transfer in which nothing moved for 30 seconds. A slow transfer that moves is never cancelled, however long it takes.</summary>
public sealed class StallGuard : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _caller;

    public StallGuard(TimeProvider clock, CancellationToken caller)
    {
        _caller = caller;
        _stalled = new CancellationTokenSource(Patience, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, caller);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Something moved.</summary>
    public void Moved() => _stalled.CancelAfter(Patience);

    /// <summary>Whether the guard, and not the caller, cancelled.</summary>
    public bool Stalled => _stalled.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Dispose()
    {
        _linked.Dispose();
        _stalled.Dispose();
    }
}
