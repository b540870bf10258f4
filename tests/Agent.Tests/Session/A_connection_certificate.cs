using System.Collections.Concurrent;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Lineage.Leaves;
using Microsoft.Extensions.Logging;
using static DeepSeek.Federated.Agent.Tests.TestSite;

namespace DeepSeek.Federated.Agent.Tests.Session;

public sealed class A_connection_certificate : IDisposable, ILogger
{
    private readonly TestSite _site = new();
    private readonly BellClock _clock = new(Noon);
    private readonly ConcurrentQueue<string> _said = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task is_renewed_when_two_thirds_of_its_life_are_over_and_again_and_again_while_that_fails()
    {
        _site.Enrol();
        _site.Certify(Noon, Noon.AddHours(3));
        using var ledger = new EgressLedger(_site.Directory.Egress, _clock);
        using var desk = new EgressDesk(ledger, new PolicyFile(_site.Directory.Policy), new EventCatalog(), Self, _clock);
        using var wires = new CertifiedWires(_site.Directory, SiteSettings.Load(_site.Directory), desk, _clock, this);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var keeping = wires.KeepRenewed(ending.Token);
        for (var step = 1; step <= 12; step++)
        {
            Assert.Empty(_said);
            Assert.Equal(TimeSpan.FromMinutes(10), await _clock.Pass());
        }
        Assert.Equal(Noon.AddHours(2), _clock.GetUtcNow());
        for (var tries = 1; tries <= 3; tries++)
        {
            var wait = await _clock.Waits();
            Assert.InRange(wait.TotalMilliseconds, 50 << tries, 100 << tries);
            Assert.Equal(tries, _said.Count);
            _clock.Advance(wait);
        }
        Assert.All(_said, sentence => Assert.Contains("could not be renewed yet: Nobody listens", sentence, StringComparison.Ordinal));
        Assert.All(_said, sentence => Assert.Contains("good until 2026-05-01 15:00", sentence, StringComparison.Ordinal));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _said.Enqueue(formatter(state, exception));
}
