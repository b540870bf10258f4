using System.Security.Cryptography;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>How long to wait before the next try: 0.2 s doubling to 30 s, each wait drawn from its upper half so that a thousand sites do not come back at once.</summary>
public sealed class Backoff(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(30);
    private int _failures;

    public void Succeeded() => _failures = 0;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var most = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 20)));
        return TimeSpan.FromMilliseconds(most / 2 + RandomNumberGenerator.GetInt32(0, (int)(most / 2) + 1));
    }

    public Task Wait(CancellationToken cancellationToken) => Task.Delay(Next(), clock, cancellationToken);
}
