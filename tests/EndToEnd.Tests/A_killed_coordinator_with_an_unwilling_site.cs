namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>The kinds of events that only sites which say no, come late or stay away bring about.</summary>
public sealed class A_killed_coordinator_with_an_unwilling_site(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    /// <summary>Kinds that this class kills after; A_killed_coordinator checks that no kind is forgotten.</summary>
    public static readonly string[] Kinds = ["study-declined", "site-declined", "round-failed", "study-stopped", "update-late"];

    [Fact]
    public async Task that_declines_the_study_goes_on_with_the_others()
    {
        await using var federation = await Federation.Found(environment: Crash("study-declined:1"));
        await WritePolicy(federation, 2, Tables.Policy().Replace("heart-disease", "another-study", StringComparison.Ordinal));
        var status = await Run(federation, Tables.Manifest());
        Assert.Equal("study-not-allowed", Federation.Answer(status, federation.Sites[2]));
        Assert.Equal(undisturbed.FinalContentWithoutTheThird, Federation.FinalContent(status));
    }

    [Fact]
    public async Task that_declines_each_round_goes_on_with_the_others()
    {
        await using var federation = await Federation.Found(environment: Crash("site-declined:1"));
        await WritePolicy(federation, 2, Tables.Policy(minimumParticipants: 2, minimumRows: 1000));
        var status = await Run(federation, Tables.Manifest());
        Assert.Equal("completed", status.GetProperty("phase").GetString());
        Assert.Equal(undisturbed.FinalContentWithoutTheThird, Federation.FinalContent(status));
    }

    [Theory]
    [InlineData("round-failed:1")]
    [InlineData("study-stopped:1")]
    public async Task without_which_no_round_can_be_held_stops_and_says_so(string point)
    {
        await using var federation = await Federation.Found(environment: Crash(point));
        foreach (var site in new[] { 1, 2 }) await WritePolicy(federation, site, Tables.Policy(minimumParticipants: 2, minimumRows: 1000));
        var status = await Run(federation, Tables.Manifest());
        Assert.Equal("stopped", status.GetProperty("phase").GetString());
        Assert.All(status.GetProperty("rounds").EnumerateArray(), r => Assert.Equal("failed", r.GetProperty("outcome").GetString()));
        Assert.Single(status.GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task whose_update_came_too_late_records_it_once_and_never_counts_it()
    {
        await using var federation = await Federation.Found(environment: Crash("update-late:1"));
        var late = federation.Sites[2];
        await federation.StartAgents(federation.Sites[..2]);
        var victim = await federation.StartAgent(late, new() { ["FEDERATED_CRASH_AT"] = "upload-piece:1" });   // whole at the coordinator, never announced
        await federation.Submit(Tables.Manifest(deadline: "8s"));
        Assert.Equal(137, await victim.Exit());
        var closed = await federation.Status(s => s.GetProperty("rounds").GetArrayLength() >= 2);
        var announcement = new HandMadeAnnouncement(federation, late, Federation.Round(closed, 1).GetProperty("baseVersion").GetString()!);

        await Assert.ThrowsAsync<Grpc.Core.RpcException>(announcement.Send);        // the coordinator dies before it answers
        await federation.CoordinatorCrashesAndComesBack();
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(announcement.Send);        // the same again: recorded before, refused now
        var status = await federation.Completed();
        Assert.Equal([late], Federation.Round(status, 1).GetProperty("late").EnumerateArray().Select(s => s.GetString()));
        Assert.DoesNotContain(late, Federation.Used(status, 1));
        Assert.Equal(undisturbed.FinalContentWithoutTheThird, Federation.FinalContent(status));
        var (verified, said, errors) = await federation.Verify();
        Assert.True(verified == 0, said + errors);
    }

    private static Dictionary<string, string> Crash(string point) => new() { ["FEDERATED_CRASH_AFTER"] = point };

    private static Task WritePolicy(Federation federation, int site, string policy) =>
        File.WriteAllTextAsync(Path.Combine(federation.SiteFolder(federation.Sites[site]), "policy.yaml"), policy);

    private static async Task<System.Text.Json.JsonElement> Run(Federation federation, string manifest)
    {
        await federation.StartAgents();
        await federation.Submit(manifest);
        await federation.CoordinatorCrashesAndComesBack();
        var status = await federation.Completed();
        var (verified, said, errors) = await federation.Verify();
        Assert.True(verified == 0, said + errors);
        return status;
    }
}
