using System.Text.Json;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.EndToEnd.Tests;

public sealed class A_killed_coordinator(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    /// <summary>The ledger's name of each kind of event that a study has.</summary>
    private static readonly Dictionary<string, string> Covered = new()
    {
        ["StudySubmitted"] = "study-submitted", ["StudyApproved"] = "study-approved", ["RoundOpened"] = "round-opened",
        ["SiteConsented"] = "site-consented", ["UpdateAccepted"] = "update-accepted", ["RoundClosed"] = "round-closed",
        ["AggregateRevealed"] = "aggregate-revealed", ["VersionPublished"] = "version-published", ["StudyCompleted"] = "study-completed",
        ["SiteDeclined"] = "site-declined", ["StudyDeclined"] = "study-declined", ["RoundFailed"] = "round-failed", ["UpdateLate"] = "update-late",
        ["StudyStopped"] = "study-stopped",
    };

    /// <summary>Kinds that are no part of a round, and why a kill after them can harm none.</summary>
    private static readonly Dictionary<string, string> Apart = new()
    {
        ["FederationFounded"] = "written by `coordinator init`, before there is a coordinator to kill",
        ["LedgerRecovered"] = "written by `coordinator restore`, while nothing serves; A_restored_coordinator goes on from it",
        ["OperatorAdmitted"] = "one request of an admin, in a stream that no round reads; asked again, it is refused by name",
        ["OperatorRenewed"] = "one request of an operator, whose former certificate stays good: asked again, it gives another one",
        ["OperatorRevoked"] = "one request of an admin, in a stream that no round reads",
        ["PrivatePartErased"] = "one request of an admin, recorded before anything is erased: asked again, it is carried out",
        ["SiteInvited"] = "one request of an operator, before the site can be part of a round; a newer token replaces the lost one",
        ["SiteEnrolled"] = "before the site can be part of a round; the same request gets the same certificate",
        ["CertificateRenewed"] = "one request of an agent, whose former certificate stays good: asked again, it gets the same one",
        ["SiteRevoked"] = "one request of an operator; what a running round waits for is read from the same ledger after a restart",
    };

    public static TheoryData<string> Points =>
    [
        "study-submitted:1", "version-published:1", "study-approved:1", "study-approved:3", "round-opened:1", "site-consented:1", "site-consented:3",
        "update-accepted:1", "update-accepted:3", "round-closed:1", "aggregate-revealed:1", "version-published:2", "round-opened:2", "update-accepted:5",
        "round-opened:3", "aggregate-revealed:3", "study-completed:1",
    ];

    [Fact]
    public void is_killed_after_every_kind_of_event_there_is_but_those_that_are_no_part_of_a_round()
    {
        var kinds = typeof(LedgerEvent).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(LedgerEvent))).ToList();
        Assert.Equal(Covered.Keys.Concat(Apart.Keys).Order(), kinds.Select(t => t.Name).Order());
        // A study's own events are never set apart.
        Assert.DoesNotContain(kinds, t => Apart.ContainsKey(t.Name) && (t.IsSubclassOf(typeof(StudyEvent)) || t.IsSubclassOf(typeof(RoundEvent))));
        Assert.All(Apart.Values, reason => Assert.NotEmpty(reason));
        var run = Points.Select(p => p.Data.Split(':')[0]).ToHashSet();
        Assert.All(Covered.Values, kind => Assert.True(run.Contains(kind) || A_killed_coordinator_with_an_unwilling_site.Kinds.Contains(kind), kind));
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task ends_its_study_as_if_nothing_had_happened(string point)
    {
        await using var federation = await Federation.Found(environment: new() { ["FEDERATED_CRASH_AFTER"] = point });
        await federation.StartAgents();

        var file = Path.Combine(federation.Folder, "study.yaml");
        await File.WriteAllTextAsync(file, Tables.Manifest());
        var (code, _, _) = await Executable.Try("dsfed", "study", "submit", file, "--profile", federation.Profile);
        await federation.CoordinatorCrashesAndComesBack();
        if (code != 0) await Executable.Run("dsfed", "study", "submit", file, "--profile", federation.Profile);   // the same request again

        var status = await federation.Completed();
        Assert.Equal("completed", status.GetProperty("phase").GetString());
        Assert.Equal(undisturbed.FinalContent, Federation.FinalContent(status));
        Assert.All(status.GetProperty("rounds").EnumerateArray(), round => Assert.Equal(federation.Sites, Federation.Used(status, round.GetProperty("number").GetInt32())));
        var (verified, said, errors) = await federation.Verify();
        Assert.True(verified == 0, said + errors);
    }
}

/// <summary>The run that every disturbed one is compared with; made once.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    public string FinalContent { get; private set; } = "";
    public string FinalContentWithoutTheThird { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        FinalContent = await Run(3);
        FinalContentWithoutTheThird = await Run(2);
    }

    private static async Task<string> Run(int running)
    {
        await using var federation = await Federation.Found();
        await federation.StartAgents(federation.Sites[..running]);
        await federation.Submit(Tables.Manifest(patience: "5s"));
        return Federation.FinalContent(await federation.Completed());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
