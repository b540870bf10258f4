namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_proxy
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task is_the_only_way_and_enough_and_what_it_refuses_is_told_with_the_mend()
    {
        await using var federation = await Federation.Found();
        await using var proxy = new ConnectProxy(federation.Port) { Refuses = true };
        await federation.Set("url", $"https://127.0.0.1:{proxy.Port}");
        await federation.Set("proxy", proxy.Url);

        var agent = await federation.StartAgent(federation.Sites[0], waitForConnection: false);
        await agent.Line(l => l.Contains("The proxy did not open a way to the coordinator", StringComparison.Ordinal) && l.Contains("Ask for CONNECT to this host and port", StringComparison.Ordinal), Patience);
        Assert.True(proxy is { Refused: > 0, Opened: 0 });
        proxy.Refuses = false;
        await agent.Line(l => l.Contains("\"kind\":\"connected\"", StringComparison.Ordinal), Patience);   // by itself, once the way is open

        await federation.StartAgents(federation.Sites[1..]);
        await federation.Submit(Tables.Manifest(rounds: 1));
        var status = await federation.Completed();
        Assert.Equal(("completed", federation.Sites.Length), (status.GetProperty("phase").GetString(), Federation.Used(status, 1).Count()));
        Assert.True(proxy.Opened >= 2 * federation.Sites.Length, $"{proxy.Opened} ways were opened: calls and updates of three sites need more");
    }
}
