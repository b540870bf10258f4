using System.Globalization;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using static DeepSeek.Federated.Domain.Events.RoundEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

/// <summary>Whole studies of real agents; what they send comes twice, and again when it is old.</summary>
public sealed class A_repeating_network
{
    private static readonly string[] Sites = ["north", "south"];

    private static readonly byte[] Study = CanonicalJson.Canonicalize("""
        {"apiVersion":"federated.deepseek.com/v1","kind":"Study","metadata":{"name":"repeated","purpose":"a test"},"spec":{
          "model":{"architecture":{"kind":"mlp","hidden":[96,96]},"seed":7},
          "dataset":{"name":"rows","columns":[{"name":"x","kind":"number","min":-10,"max":10},{"name":"y","kind":"number","min":-10,"max":10}],
            "label":{"name":"label","kind":"binary"},"split":{"kind":"every","testFraction":"0.25"}},
          "training":{"localSteps":5,"batchSize":4,"learningRate":"0.05"},"update":{"valueBits":16,"range":4,"weightCap":50},
          "protection":"clear","strategy":{"kind":"fedavg"},"rounds":{"count":3,"deadline":"5m"},"cohort":{"minimum":2} } }
        """u8.ToArray());

    private const string Policy = """
        apiVersion: federated.deepseek.com/v1
        kind: SitePolicy
        metadata: {name: test}
        spec:
          expires: 2099-12-31
          studies: [{name: repeated, approval: automatic}]
          protections: [clear]
          minimumParticipants: 2
          minimumRows: 5
          mostRounds: 10
          mostLocalSteps: 100
          mostBytesPerRound: 1000000
          disclose: []
        """;

    private const string Data = "apiVersion: federated.deepseek.com/v1\nkind: SiteData\nspec: {datasets: [{name: rows, connector: csv, path: rows.csv}]}\n";

    [Fact]
    public async Task counts_every_update_once_and_changes_no_bit_of_the_model()
    {
        List<RepeatingNetwork> networks = [];
        var quiet = await Run(inner => new RepeatingNetwork(inner, null));
        var disturbed = await Run(inner =>
        {
            networks.Add(new RepeatingNetwork(inner, seed: networks.Count + 1));
            return networks[^1];
        });
        Assert.Equal(quiet, disturbed);
        Assert.All(networks, network => Assert.True(network is { Repeated: >= 25, Replayed: >= 40 }, $"{network.Repeated} came twice and {network.Replayed} again: too few"));
    }

    /// <summary>The content digest of every version, in order.</summary>
    private static async Task<List<string>> Run(Func<HttpMessageHandler, HttpMessageHandler> network)
    {
        await using var coordinator = new RunningCoordinator();
        await coordinator.InitializeAsync();
        List<AgentHere> agents = [];
        try
        {
            foreach (var (name, i) in Sites.Select((name, i) => (name, i))) agents.Add(await AgentHere.Enrol(coordinator, name, Policy, Data, Rows(i), seed: i + 1));
            await coordinator.Admin.SubmitStudyAsync(new SubmitStudyRequest { Manifest = ByteString.CopyFrom(Study) });
            foreach (var agent in agents) agent.Start(new StudyId("repeated"), agents.Select(a => a.Entry), coordinator, network);
            var ended = await Ended(coordinator, agents);
            Assert.Equal("completed", ended.Phase);
            Assert.All(ended.Rounds, round => Assert.Equal(Sites, round.Used));
            var updates = (await agents[0].Ledger()).OfType<UpdateAccepted>().Select(u => (u.Round, u.Site.Value)).ToList();
            Assert.Equal(from round in ended.Rounds from site in Sites select (round.Number, site), updates.Order());
            return [.. ended.Versions.Select(v => v.Content)];
        }
        finally
        {
            foreach (var agent in agents) await agent.DisposeAsync();
        }
    }

    private static async Task<StudyStatus> Ended(RunningCoordinator coordinator, List<AgentHere> agents)
    {
        using var watch = coordinator.Admin.WatchStudy(new StudyRequest { Study = "repeated" });
        while (true)
        {
            var next = watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
            await Task.WhenAny([next, .. agents.Select(a => a.Failure)]).Unwrap();
            Assert.True(await next, "the coordinator ended the stream");
            if (watch.ResponseStream.Current is { Phase: "completed" or "stopped" } status) return status;
        }
    }

    private static string Rows(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 40).Select(_ => (X: random.Next(-9, 9), Y: random.Next(-9, 9)));
        return string.Concat(rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.X},{r.Y},{(r.X + r.Y > 0 ? 1 : 0)}\n")).Prepend("x,y,label\n"));
    }
}
