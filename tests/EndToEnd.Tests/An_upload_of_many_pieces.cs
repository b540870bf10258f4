namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class An_upload_of_many_pieces(An_upload_of_many_pieces.Undisturbed undisturbed) : IClassFixture<An_upload_of_many_pieces.Undisturbed>
{
    private const int Rounds = 2, LeastBytes = 100_000, Piece = 4096;

    private static readonly string Manifest = Tables.Manifest(Rounds, localSteps: 5, architecture: "{kind: mlp, hidden: [208, 208]}");

    [Fact]
    public async Task goes_on_where_the_agent_was_killed()
    {
        await using var federation = await Small();
        await federation.StartAgents(federation.Sites[..2]);
        var victim = await federation.StartAgent(federation.Sites[2], new() { ["FEDERATED_CRASH_AT"] = "upload-piece:3" });
        await federation.Submit(Manifest);
        Assert.Equal(137, await victim.Exit());
        Assert.Equal([0, Piece, 2 * Piece], SentPieces.Of(federation, federation.Sites[2], 1).Pieces.Select(p => p.Offset));
        var again = await federation.StartAgent(federation.Sites[2]);

        await EndsUndisturbed(federation);
        AssertOnePieceAfterAnother(federation, mostRepeated: 0);
        Assert.Equal([1], Trained(victim));
        Assert.DoesNotContain(1, Trained(again));
    }

    [Fact]
    public async Task goes_on_where_the_coordinator_was_killed()
    {
        await using var federation = await Small(new() { ["FEDERATED_CRASH_AFTER"] = "blob-piece:20" });
        await federation.StartAgents();
        await federation.Submit(Manifest);
        await federation.CoordinatorCrashesAndComesBack();

        await EndsUndisturbed(federation);
        AssertOnePieceAfterAnother(federation, mostRepeated: 1);   // each site has one piece under way at most
        Assert.All(federation.Sites, site => Assert.Equal(Enumerable.Range(1, Rounds), Trained(federation.Agent(site))));
    }

    [Fact]
    public async Task goes_on_where_its_connection_was_cut_inside_a_body()
    {
        await using var federation = await Small(pieceBytes: 64 * 1024);
        await using var network = new TcpDisturbance(federation.Port, least: 20_000, most: 60_000, TimeSpan.Zero, seed: 3);
        await federation.Set("url", $"https://127.0.0.1:{network.Port}");
        await federation.StartAgents();
        await federation.Submit(Manifest);

        await EndsUndisturbed(federation);
        var cut = 0;
        foreach (var site in federation.Sites)
            for (var round = 1; round <= Rounds; round++)
            {
                var sent = SentPieces.Of(federation, site, round);
                Assert.InRange(sent.Reached(), LeastBytes, 2 * LeastBytes);
                cut += sent.Pieces.Zip(sent.Pieces.Skip(1), (one, next) => one.Offset < next.Offset && next.Offset < one.Offset + one.Bytes).Count(inside => inside);
            }
        Assert.True(cut >= 6, $"only {cut} bodies were cut in the middle: the test disturbs nothing");
        Assert.All(federation.Sites, site => Assert.Equal(Enumerable.Range(1, Rounds), Trained(federation.Agent(site))));
    }

    private static async Task<Federation> Small(Dictionary<string, string>? environment = null, int pieceBytes = Piece)
    {
        var federation = await Federation.Found(environment: environment);
        await federation.Set("pieceBytes", pieceBytes);
        return federation;
    }

    private async Task EndsUndisturbed(Federation federation)
    {
        var status = await federation.Completed();
        Assert.Equal(undisturbed.FinalContent, Federation.FinalContent(status));
        Assert.All(Enumerable.Range(1, Rounds), round => Assert.Equal(federation.Sites, Federation.Used(status, round)));
    }

    private static void AssertOnePieceAfterAnother(Federation federation, int mostRepeated)
    {
        foreach (var site in federation.Sites)
        {
            var first = SentPieces.Of(federation, site, 1);
            Assert.InRange(first.Reached(), LeastBytes, 2 * LeastBytes);
            Assert.InRange(first.Repeated, 0, mostRepeated);
            Assert.True(first.Pieces.Count > LeastBytes / Piece);
            Assert.Equal(0, SentPieces.Of(federation, site, 2).Repeated);
        }
    }

    /// <summary>The rounds in which an agent began to train, as often as it did.</summary>
    private static IEnumerable<int> Trained(Executable agent) => agent.Lines
        .Where(l => l.Contains("\"kind\":\"training\"", StringComparison.Ordinal) && l.Contains("\"step\":1,", StringComparison.Ordinal))
        .Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("round").GetInt32());

    /// <summary>The same study with nothing in its way.</summary>
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
