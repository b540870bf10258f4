namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_disturbed_network(A_disturbed_network.Undisturbed undisturbed) : IClassFixture<A_disturbed_network.Undisturbed>
{
    // Enough rounds that more bytes pass than the connections may carry together: the cuts do not depend on how fast the machine is.
    private static readonly string Manifest = Tables.Manifest(rounds: 6);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task that_cuts_and_delays_changes_nothing_but_the_time(int seed)
    {
        await using var federation = await Federation.Found();
        await using var network = new TcpDisturbance(federation.Port, least: 6_000, most: 40_000, TimeSpan.FromMilliseconds(2), seed);
        await federation.Set("url", $"https://127.0.0.1:{network.Port}");
        await federation.StartAgents();
        await federation.Submit(Manifest);
        var status = await federation.Completed();
        Assert.Equal(undisturbed.FinalContent, Federation.FinalContent(status));
        Assert.All(Enumerable.Range(1, 6), round => Assert.Equal(federation.Sites, Federation.Used(status, round)));
        Assert.True(network.Cuts >= 5, $"the network was cut {network.Cuts} times only: the test disturbs nothing");
    }

    /// <summary>The same study over a quiet network.</summary>
    public sealed class Undisturbed : IAsyncLifetime
    {
        public string FinalContent { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await using var federation = await Federation.Found();
            await federation.StartAgents();
            await federation.Submit(Manifest);
            FinalContent = Federation.FinalContent(await federation.Completed());
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
