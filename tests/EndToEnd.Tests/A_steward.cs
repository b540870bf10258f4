namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_steward
{
    [Fact]
    public async Task whose_word_is_asked_for_keeps_the_study_waiting_until_it_is_given()
    {
        await using var federation = await Found();
        var site = federation.Sites[2];
        await federation.StartAgents();
        await federation.Submit(Tables.Manifest(minimum: 3, patience: "1h"));
        var waiting = await federation.Status(s => federation.Sites[..2].All(other => Federation.Answer(s, other) == "approved"));
        Assert.Equal("none", Federation.Answer(waiting, site));
        Assert.Empty(waiting.GetProperty("rounds").EnumerateArray());

        await Says(federation, "approve");
        var ended = await federation.Completed();
        Assert.Equal(("completed", "approved"), (ended.GetProperty("phase").GetString(), Federation.Answer(ended, site)));
        Assert.Equal(federation.Sites, Federation.Used(ended, 1));
        var listed = await Executable.Run("agent", "study", "list", "--dir", federation.SiteFolder(site));
        Assert.Contains("allows it, if the steward approves", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task who_refuses_in_the_middle_of_an_open_round_lets_nothing_of_it_out()
    {
        await using var federation = await Found();
        var site = federation.Sites[2];
        await federation.StartAgents();
        await federation.Submit(Tables.Manifest(minimum: 2, patience: "1h", deadline: "40s", localSteps: 3000));
        await federation.Status(s => federation.Sites[..2].All(other => Federation.Answer(s, other) == "approved"));
        await Says(federation, "approve");
        await federation.Agent(site).Line(l => l.Contains("\"kind\":\"training\"", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        await federation.Agent(site).Signal("STOP");   // in the middle of its training, however fast the machine is
        await Says(federation, "refuse");
        await federation.Agent(site).Signal("CONT");

        var ended = await federation.Completed();
        Assert.Equal(("completed", "steward-refused"), (ended.GetProperty("phase").GetString(), Federation.Answer(ended, site)));
        Assert.All(Enumerable.Range(1, 2), round => Assert.Equal(federation.Sites[..2], Federation.Used(ended, round)));
        Assert.Empty(SentPieces.Of(federation, site, 1).Pieces);
    }

    private static async Task<Federation> Found()
    {
        var federation = await Federation.Found();
        await File.WriteAllTextAsync(Path.Combine(federation.SiteFolder(federation.Sites[2]), "policy.yaml"), Tables.Policy(approval: "steward"));
        return federation;
    }

    private static Task Says(Federation federation, string word) =>
        Executable.Run("agent", "study", word, Federation.Study, "--dir", federation.SiteFolder(federation.Sites[2]));
}
