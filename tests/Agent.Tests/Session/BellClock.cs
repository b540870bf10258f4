using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace DeepSeek.Federated.Agent.Tests.Session;

/// <summary>A clock that stands still until somebody waits for it: each wait is seen, and passed by moving to its end.</summary>
internal sealed class BellClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero) _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next wait that begins, with the clock where it was.</summary>
    public async Task<TimeSpan> Waits() => await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Lets the next wait that begins end; how long it was.</summary>
    public async Task<TimeSpan> Pass()
    {
        var wait = await Waits();
        Advance(wait);
        return wait;
    }
}
