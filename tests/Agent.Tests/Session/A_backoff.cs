using DeepSeek.Federated.Agent.Session;
using Microsoft.Extensions.Time.Testing;

namespace DeepSeek.Federated.Agent.Tests.Session;

public sealed class A_backoff
{
    private static double Most(int failures) => Math.Min(30_000, 200 * Math.Pow(2, failures));

    [Fact]
    public void doubles_to_thirty_seconds_and_stays_in_the_upper_half()
    {
        for (var run = 0; run < 50; run++)
        {
            var backoff = new Backoff(new FakeTimeProvider());
            for (var failures = 0; failures < 40; failures++) Assert.InRange(backoff.Next().TotalMilliseconds, Most(failures) / 2, Most(failures));
        }
    }

    [Fact]
    public void scatters_those_that_fail_together() =>
        Assert.True(Enumerable.Range(0, 100).Select(_ => new Backoff(new FakeTimeProvider()).Next()).Distinct().Count() > 10);   // of 101 values: fails by chance in less than 1 of 10^50 runs

    [Fact]
    public void begins_anew_after_a_success()
    {
        var backoff = new Backoff(new FakeTimeProvider());
        for (var i = 0; i < 10; i++) backoff.Next();
        backoff.Succeeded();
        Assert.InRange(backoff.Next().TotalMilliseconds, 100, 200);
    }

    [Fact]
    public async Task waits_by_the_clock_it_was_given()
    {
        var clock = new BellClock(TestSite.Noon);
        var waiting = new Backoff(clock).Wait(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Assert.InRange((await clock.Pass()).TotalMilliseconds, 100, 200);
        await waiting;
    }
}
