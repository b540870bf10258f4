using System.Text.Json.Nodes;

namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_disturbed_network(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task that_cuts_and_delays_changes_nothing_but_the_time(int seed)
    {
        await using var federation = await Federation.Found();
        await using var network = new TcpDisturbance(federation.Port, least: 6_000, most: 40_000, TimeSpan.FromMilliseconds(2), seed);
        foreach (var site in federation.Sites)
        {
            var settings = Path.Combine(federation.SiteFolder(site), "site.json");
            var json = JsonNode.Parse(await File.ReadAllTextAsync(settings))!;
            json["url"] = $"https://127.0.0.1:{network.Port}";
            await File.WriteAllTextAsync(settings, json.ToJsonString());
        }
        await federation.StartAgents();
        await federation.Submit(Tables.Manifest());
        var status = await federation.Completed();
        Assert.Equal(undisturbed.FinalContent, Federation.FinalContent(status));
        Assert.Equal(federation.Sites, Federation.Used(status, 1));
        Assert.True(network.Cuts > 5, $"the network was cut {network.Cuts} times only: the test disturbs nothing");
    }
}
