using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;
using static DeepSeek.Federated.Domain.Tests.Samples;

namespace DeepSeek.Federated.Domain.Tests.Studies;

public sealed class A_study
{
    private static Decision Ask(StudyState state, StudyCommand command, DateTimeOffset? now = null) => Study.Decide(state, command, now ?? Noon);

    private static StudyState Do(StudyState state, StudyCommand command, DateTimeOffset? now = null) => Ask(state, command, now) switch
    {
        Decision.Accepted(var events) => events.Aggregate(state, (s, e) => Study.Apply(s, e, now ?? Noon)),
        Decision.Unchanged            => state,
        var no                        => throw new InvalidOperationException($"{command} was refused: {no}."),
    };

    private static StudyState Submitted(StudyManifest manifest) => Do(StudyState.Unknown, new StudyCommand.Submit(manifest, [.. Hospitals], Version(0, null)));
    private static StudyCommand Approve(StudyManifest manifest, SiteId site) => new StudyCommand.Approve(new StudyApproved(Heart, site, manifest.Digest, Hash("policy"), "signature"));
    private static StudyCommand DeclineStudy(StudyManifest manifest, SiteId site) => new StudyCommand.Decline(new StudyDeclined(Heart, site, manifest.Digest, RefusalReason.StewardRefused, "signature"));
    private static StudyCommand Advance(params SiteId[] without) => new StudyCommand.Advance(Members.RemoveRange(without));

    private static StudyState Approved(StudyManifest manifest) => Hospitals.Aggregate(Submitted(manifest), (s, site) => Do(s, Approve(manifest, site)));

    private static StudyState RunRound(StudyState state, IEnumerable<SiteId> reporting)
    {
        var opened = state.Round!.Opened;
        foreach (var site in reporting)
        {
            state = Do(state, new StudyCommand.ForRound(new RoundCommand.Consent(new SiteConsented(Heart, opened.Round, site, Hash("policy"), "signature"))));
            state = Do(state, new StudyCommand.ForRound(new RoundCommand.Announce(Update(site, opened))));
        }
        state = Do(state, new StudyCommand.ForRound(new RoundCommand.Close(opened.Round, [.. Hospitals])), opened.Deadline);
        if (state.Round is not RoundState.Closed) return state;
        Assert.IsType<StudyWork.Fold>(StudyProgress.Due(state));
        state = Do(state, new StudyCommand.ForRound(new RoundCommand.Reveal(opened.Round, Hash("sum"), [])));
        if (opened.Kind == RoundKind.Evaluation) return state;
        Assert.IsType<StudyWork.Step>(StudyProgress.Due(state));
        return Do(state, new StudyCommand.Publish(Version(opened.Round, state.Versions[^1].Version)));
    }

    [Fact]
    public void trains_its_rounds_evaluates_once_and_completes()
    {
        var state = Approved(Manifest(rounds: 2));
        for (var round = 1; round <= 3; round++)
        {
            state = RunRound(Do(state, Advance()), Hospitals);
            Assert.Equal(round <= 2 ? RoundKind.Training : RoundKind.Evaluation, state.Round!.Opened.Kind);
        }
        state = Do(state, Advance());
        Assert.Equal(StudyPhase.Completed, state.Phase);
        Assert.Equal([0, 1, 2], state.Versions.Select(v => v.Round));
        Assert.IsType<StudyWork.None>(StudyProgress.Due(state));
    }

    [Fact]
    public void waits_for_every_site_to_answer_but_only_as_long_as_its_patience()
    {
        var manifest = Manifest();
        var two = Do(Do(Submitted(manifest), Approve(manifest, Hospitals[0])), Approve(manifest, Hospitals[1]));
        Assert.IsType<Decision.Unchanged>(Ask(two, Advance()));
        Assert.Equal(2, Do(two, Advance(), Noon + TimeSpan.FromMinutes(1)).Round!.Opened.Cohort.Length);
        var declined = Hospitals[2..].Aggregate(two, (s, site) => Do(s, DeclineStudy(manifest, site)));
        Assert.Equal(Hospitals[..2], Do(declined, Advance()).Round!.Invited);
    }

    [Fact]
    public void never_opens_a_round_below_its_minimum()
    {
        var manifest = Manifest(minimum: 3);
        var two = Do(Do(Submitted(manifest), Approve(manifest, Hospitals[0])), Approve(manifest, Hospitals[1]));
        Assert.IsType<Decision.Unchanged>(Ask(two, Advance(), Noon + TimeSpan.FromDays(1)));
        Assert.IsType<Decision.Unchanged>(Ask(Approved(manifest), Advance(Hospitals[0], Hospitals[1])));
    }

    [Fact]
    public void invites_neither_revoked_sites_nor_sites_that_took_their_approval_back()
    {
        var manifest = Manifest();
        var state = Do(Approved(manifest), DeclineStudy(manifest, Hospitals[0]));
        Assert.Equal(Hospitals[2..], Do(state, Advance(Hospitals[1])).Round!.Invited);
    }

    [Fact]
    public void records_only_so_many_answers_of_a_site_but_lets_it_take_an_approval_back()
    {
        var (manifest, site) = (Manifest(), Hospitals[0]);
        var state = Submitted(manifest);
        for (var i = 1; i < Study.MostAnswers; i++) state = Do(state, i % 2 == 0 ? DeclineStudy(manifest, site) : Approve(manifest, site));
        var approved = Do(Do(state, DeclineStudy(manifest, Hospitals[1])), DeclineStudy(manifest, site));
        Assert.Equal(new Decision.Refused(Refusal.TooManyAnswers), Ask(approved, Approve(manifest, site)));
        Assert.IsType<Decision.Unchanged>(Ask(approved, DeclineStudy(manifest, site)));
        Assert.IsType<Decision.Accepted>(Ask(approved, Approve(manifest, Hospitals[1])));

        var shifted = Do(Do(Submitted(manifest), DeclineStudy(manifest, site)), Approve(manifest, site));
        for (var i = 2; i < Study.MostAnswers; i++) shifted = Do(shifted, i % 2 == 0 ? DeclineStudy(manifest, site) : Approve(manifest, site));
        Assert.Contains(site, shifted.Approved);
        shifted = Do(shifted, DeclineStudy(manifest, site));
        Assert.Equal(Study.MostAnswers + 1, shifted.TimesAnswered[site]);
        Assert.Equal(new Decision.Refused(Refusal.TooManyAnswers), Ask(shifted, Approve(manifest, site)));
    }

    [Fact]
    public void tries_again_after_a_failed_round_and_stops_after_too_many()
    {
        var state = RunRound(Do(Approved(Manifest()), Advance()), Hospitals[..1]);
        Assert.IsType<RoundState.Failed>(state.Round);
        state = RunRound(Do(state, Advance()), Hospitals);
        Assert.Equal((0, 1, 2), (state.FailedInARow, state.TrainedRounds, state.Round!.Opened.Round));
        state = RunRound(Do(state, Advance()), []);
        state = RunRound(Do(state, Advance()), []);
        Assert.Equal(StudyPhase.Stopped, Do(state, Advance()).Phase);
    }

    [Fact]
    public void counts_a_failed_round_once_even_when_late_updates_follow()
    {
        var state = Do(Approved(Manifest()), Advance());
        foreach (var site in Hospitals[..2])
            state = Do(state, new StudyCommand.ForRound(new RoundCommand.Consent(new SiteConsented(Heart, 1, site, Hash("policy"), "signature"))));
        var opened = state.Round!.Opened;
        state = Do(state, new StudyCommand.ForRound(new RoundCommand.Close(1, [.. Hospitals])), opened.Deadline);
        foreach (var site in Hospitals[..2])
            state = Do(state, new StudyCommand.ForRound(new RoundCommand.Announce(Update(site, opened))), opened.Deadline);
        Assert.Equal(1, state.FailedInARow);
    }

    [Fact]
    public void records_an_update_that_is_late_for_an_earlier_round()
    {
        var state = Do(Approved(Manifest()), Advance());
        var first = state.Round!.Opened;
        state = Do(state, new StudyCommand.ForRound(new RoundCommand.Consent(new SiteConsented(Heart, 1, Hospitals[3], Hash("policy"), "signature"))));
        state = Do(RunRound(state, Hospitals[..3]), Advance());
        Assert.Equal(2, state.Round!.Opened.Round);
        state = Do(state, new StudyCommand.ForRound(new RoundCommand.Announce(Update(Hospitals[3], first))));
        Assert.IsType<SiteAnswer.Late>(state.Past[1].Answers[Hospitals[3]]);
    }

    [Fact]
    public void publishes_a_version_only_upon_its_own_rounds_aggregate_and_its_own_parent()
    {
        var state = Do(Approved(Manifest()), Advance());
        Assert.Equal(new Decision.Refused(Refusal.NotInThisState), Ask(state, new StudyCommand.Publish(Version(1, Version(0, null).Version))));
        Assert.Throws<InvalidOperationException>(() => Study.Apply(state, Version(1, Version(0, null).Version), Noon));
        var published = RunRound(state, Hospitals);
        Assert.IsType<Decision.Unchanged>(Ask(published, new StudyCommand.Publish(published.Versions[^1])));
        Assert.Equal(new Decision.Refused(Refusal.NotInThisState), Ask(published, new StudyCommand.Publish(Version(2, published.Versions[^1].Version))));
    }

    [Fact]
    public void can_be_submitted_twice_but_not_changed()
    {
        var state = Submitted(Manifest());
        Assert.IsType<Decision.Unchanged>(Ask(state, new StudyCommand.Submit(Manifest(), [.. Hospitals], Version(0, null))));
        Assert.Equal(new Decision.Refused(Refusal.StudyExists), Ask(state, new StudyCommand.Submit(Manifest(rounds: 3), [.. Hospitals], Version(0, null))));
    }

    [Fact]
    public void stops_with_its_open_round()
    {
        var state = Do(Do(Approved(Manifest()), Advance()), new StudyCommand.Stop(StopReason.Operator));
        Assert.Equal(StudyPhase.Stopped, state.Phase);
        Assert.Equal(RoundFailure.Stopped, Assert.IsType<RoundState.Failed>(state.Round).Why);
        Assert.Equal(new Decision.Refused(Refusal.StudyEnded), Ask(state, Advance()));
    }

    [Fact]
    public void asks_only_sites_that_are_enrolled()
    {
        Assert.Equal(new Decision.Refused(Refusal.TooFewSites), Ask(StudyState.Unknown, new StudyCommand.Submit(Manifest(minimum: 3), [Hospitals[0], Hospitals[1]], Version(0, null))));
        var document = Document();
        document["spec"]!["cohort"]!["sites"] = new System.Text.Json.Nodes.JsonArray("aachen", "stranger");
        Assert.Equal(new Decision.Refused(Refusal.SiteUnknown), Ask(StudyState.Unknown, new StudyCommand.Submit(Read(document), [.. Hospitals], Version(0, null))));
    }

    [Fact]
    public void does_not_replay_a_round_that_its_manifest_does_not_allow()
    {
        var state = Approved(Manifest());
        var lawful = (RoundOpened)((Decision.Accepted)Ask(state, Advance())).Events.Single();
        RoundOpened[] lies =
        [
            lawful with { Round = 2 }, lawful with { Kind = RoundKind.Evaluation }, lawful with { BaseVersion = Hash("x") }, lawful with { ValueBits = 32 },
            lawful with { Range = 2 }, lawful with { WeightCap = 1 }, lawful with { Minimum = 1 }, lawful with { Protection = Protection.Encrypted },
            lawful with { Cohort = lawful.Cohort[..1] }, lawful with { Cohort = [.. lawful.Cohort.Reverse()] }, lawful with { Cohort = [.. lawful.Cohort, new(Stranger, "")] },
            lawful with { Manifest = Hash("x") },
        ];
        Assert.NotNull(Study.Apply(state, lawful, Noon).Round);
        Assert.All(lies, lie => Assert.Throws<InvalidOperationException>(() => Study.Apply(state, lie, Noon)));
    }
}
