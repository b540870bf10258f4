namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_killed_agent(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    public static TheoryData<string> Points =>
    [
        "consent", "training-before", "training-step:1", "training-step:15", "training-after", "upload-piece:1", "announced",
    ];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task that_is_back_before_the_deadline_changes_nothing(string point)
    {
        await using var federation = await Federation.Found();
        await federation.StartAgents(federation.Sites[..2]);
        var victim = await federation.StartAgent(federation.Sites[2], new() { ["FEDERATED_CRASH_AT"] = point });
        await federation.Submit(Tables.Manifest());
        Assert.Equal(137, await victim.Exit());
        var again = await federation.StartAgent(federation.Sites[2]);

        var status = await federation.Completed();
        Assert.Equal(undisturbed.FinalContent, Federation.FinalContent(status));
        Assert.Equal(federation.Sites, Federation.Used(status, 1));
        if (point is "training-after" or "upload-piece:1" or "announced")
            Assert.DoesNotContain(again.Lines, l => l.Contains("\"round\":1", StringComparison.Ordinal) && l.Contains("\"step\":", StringComparison.Ordinal));   // re-sent, not retrained
    }

    [Fact]
    public async Task that_stays_away_is_dropped_and_the_rest_go_on_without_it()
    {
        await using var federation = await Federation.Found();
        await federation.StartAgents(federation.Sites[..2]);
        var victim = await federation.StartAgent(federation.Sites[2], new() { ["FEDERATED_CRASH_AT"] = "training-before" });
        await federation.Submit(Tables.Manifest(deadline: "8s"));
        Assert.Equal(137, await victim.Exit());

        var status = await federation.Completed();
        Assert.Equal("completed", status.GetProperty("phase").GetString());
        Assert.Equal(federation.Sites[..2], Federation.Used(status, 1));
        Assert.Equal([federation.Sites[2]], Federation.Round(status, 1).GetProperty("dropped").EnumerateArray().Select(s => s.GetString()!));
        Assert.Equal(undisturbed.FinalContentWithoutTheThird, Federation.FinalContent(status));
    }

    [Fact]
    public async Task whose_round_went_on_without_it_discards_what_it_had_staged()
    {
        var trained = await AwayInTheFirstRound("training-after", staged: true);
        var absent = await AwayInTheFirstRound("training-before", staged: false);   // the same rounds without it, and nothing learnt in the one it missed
        Assert.Equal(absent, trained);
        Assert.Contains("\"round\": 3", trained.State, StringComparison.Ordinal);
    }

    /// <summary>What a site that missed round 1 ends with: the content of the last version, and what its state k is.</summary>
    private static async Task<(string Content, string State)> AwayInTheFirstRound(string point, bool staged)
    {
        await using var federation = await Federation.Found();
        var site = federation.Sites[2];
        var study = Path.Combine(federation.SiteFolder(site), "studies", Federation.Study);
        await federation.StartAgents(federation.Sites[..2]);
        var victim = await federation.StartAgent(site, new() { ["FEDERATED_CRASH_AT"] = point });
        await federation.Submit(Tables.Manifest(rounds: 3, deadline: "10s"));
        Assert.Equal(137, await victim.Exit());
        await federation.Status(s => s.GetProperty("rounds").GetArrayLength() >= 2);
        Assert.Equal(staged, File.Exists(Path.Combine(study, "rounds", "1", "staged.json")));
        Assert.False(File.Exists(Path.Combine(study, "state.json")));

        // Back in the middle of round 2: it must take part in the rest from the state it had before round 1.
        await federation.StartAgent(site);
        var status = await federation.Completed();
        Assert.Equal(federation.Sites[..2], Federation.Used(status, 1));
        Assert.All([2, 3], round => Assert.Equal(federation.Sites, Federation.Used(status, round)));
        Assert.Empty(Directory.EnumerateFiles(federation.SiteFolder(site), "staged*", SearchOption.AllDirectories));
        return (Federation.FinalContent(status), await File.ReadAllTextAsync(Path.Combine(study, "state.json")));
    }
}
