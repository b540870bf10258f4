namespace DeepSeek.Federated.Agent.Session;

/// <summary>A bell that many may wait for: whoever looked before it rang wakes up. Thread-safe.</summary>
public sealed class Changes
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next <see cref="Tell"/>. Take it before looking at the state, wait after.</summary>
    public Task Next => _next.Task;

    public void Tell() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
