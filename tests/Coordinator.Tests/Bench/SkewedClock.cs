namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>The wall clock, moved by a test: what is decided by the time of day sees the move, timers run as ever.</summary>
internal sealed class SkewedClock : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
