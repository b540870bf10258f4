using System.Collections.Immutable;
using CsCheck;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests.Rounds;

public sealed class Reconciling
{
    private static readonly StudyAnswer Yes = new StudyAnswer.Approve();

    private static UpdateAccepted Update(Domain.Names.SiteId site, int round) =>
        new(TestSite.Study, round, 1, site, Digests($"version {round - 1}"), Digests($"update {site} {round}"), 100, Digests("root"), [], "");

    private static StagedUpdate Staged(int round, bool intact = true, RoundKind kind = RoundKind.Training) =>
        new(round, 1, kind, Digests($"version {round - 1}"), Digests($"update {Self} {round}"), 100, Digests("root"), [], Digests($"state {round}"), Digests("policy"), 1, intact);

    private static StudyDisk Disk(params StagedUpdate[] staged) => new(0, staged.ToImmutableSortedDictionary(s => s.Round, s => s));

    private static StudyState After(params LedgerEvent[] events) =>
        events.Aggregate(StudyState.Unknown, (state, e) => Domain.Studies.Study.Apply(state, e, Noon));

    private static LedgerEvent[] Approved => [Submitted, Version(0), .. Sites.Select(s => new StudyApproved(TestSite.Study, s, Manifest.Digest, Digests("policy"), ""))];

    private static LedgerEvent[] Consented(int round) => [.. Sites.Select(s => new SiteConsented(TestSite.Study, round, s, Digests("policy"), ""))];

    private static LedgerEvent[] OpenAndConsented => [.. Approved, Opened(1), .. Consented(1)];

    [Fact]
    public void answers_a_study_that_asks_it_and_says_nothing_twice()
    {
        var asked = After(Submitted, Version(0));
        Assert.IsType<SiteStep.Answer>(Reconcile.Next(asked, Self, StudyDisk.Empty, Yes));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(asked, Self, StudyDisk.Empty, new StudyAnswer.AskSteward()));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After(Approved), Self, StudyDisk.Empty, Yes));
    }

    [Fact]
    public void takes_an_approval_back_when_the_policy_changes()
    {
        var no = new StudyAnswer.Decline(RefusalReason.NoPolicy, "none");
        Assert.Equal(new SiteStep.Answer(no), Reconcile.Next(After(Approved), Self, StudyDisk.Empty, no));
        var declined = After([.. Approved, new StudyDeclined(TestSite.Study, Self, Manifest.Digest, RefusalReason.NoPolicy, "")]);
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(declined, Self, StudyDisk.Empty, no));
        Assert.IsType<SiteStep.Answer>(Reconcile.Next(declined, Self, StudyDisk.Empty, Yes));
    }

    [Fact]
    public void leaves_a_study_alone_that_does_not_ask_it()
    {
        var others = Submitted with { Asked = [B, C] };
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After(others, Version(0)), Self, StudyDisk.Empty, Yes));
    }

    [Fact]
    public void considers_then_makes_then_sends()
    {
        Assert.IsType<SiteStep.Consider>(Reconcile.Next(After([.. Approved, Opened(1)]), Self, StudyDisk.Empty, Yes));
        Assert.IsType<SiteStep.Make>(Reconcile.Next(After(OpenAndConsented), Self, StudyDisk.Empty, Yes));
        Assert.IsType<SiteStep.Send>(Reconcile.Next(After(OpenAndConsented), Self, Disk(Staged(1)), Yes));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After([.. OpenAndConsented, Update(Self, 1)]), Self, Disk(Staged(1)), Yes));
    }

    [Fact]
    public void never_makes_a_second_update_for_one_that_was_lost() =>
        Assert.IsType<SiteStep.GiveUp>(Reconcile.Next(After(OpenAndConsented), Self, Disk(Staged(1, intact: false)), Yes));

    [Fact]
    public void promotes_only_what_was_used_and_published()
    {
        LedgerEvent[] reported = [.. OpenAndConsented, .. Sites.Select(s => Update(s, 1))];
        LedgerEvent[] closed = [.. reported, new RoundClosed(TestSite.Study, 1, Sites, Sites, [], [])];
        LedgerEvent[] revealed = [.. closed, new AggregateRevealed(TestSite.Study, 1, Digests("sum"), [])];
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After(reported), Self, Disk(Staged(1)), Yes));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After(closed), Self, Disk(Staged(1)), Yes));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After(revealed), Self, Disk(Staged(1)), Yes));
        Assert.Equal(new SiteStep.Promote(Staged(1), Version(1).Version), Reconcile.Next(After([.. revealed, Version(1)]), Self, Disk(Staged(1)), Yes));
    }

    [Fact]
    public void discards_what_a_round_did_without()
    {
        LedgerEvent[] withoutSelf = [.. OpenAndConsented, Update(B, 1), Update(C, 1), new RoundClosed(TestSite.Study, 1, Sites, [B, C], [], [Self])];
        Assert.IsType<SiteStep.Discard>(Reconcile.Next(After(withoutSelf), Self, Disk(Staged(1)), Yes));
        LedgerEvent[] failed = [.. OpenAndConsented, new RoundFailed(TestSite.Study, 1, RoundFailure.TooFewParticipants, Sites, [], Sites)];
        Assert.IsType<SiteStep.Discard>(Reconcile.Next(After(failed), Self, Disk(Staged(1)), Yes));
        Assert.IsType<SiteStep.Discard>(Reconcile.Next(After(Approved), Self, Disk(Staged(1)), Yes));   // a ledger that was recovered does not know the round
        Assert.IsType<SiteStep.Discard>(Reconcile.Next(After(OpenAndConsented), Self, Disk(Staged(1) with { BaseVersion = Digests("another") }), Yes));
    }

    [Fact]
    public void has_nothing_to_promote_after_an_evaluation()
    {
        LedgerEvent[] trained =
        [
            .. OpenAndConsented, .. Sites.Select(s => Update(s, 1)), new RoundClosed(TestSite.Study, 1, Sites, Sites, [], []), new AggregateRevealed(TestSite.Study, 1, Digests("sum"), []), Version(1),
            Opened(2), .. Consented(2), .. Sites.Select(s => Update(s, 2)), new RoundClosed(TestSite.Study, 2, Sites, Sites, [], []), new AggregateRevealed(TestSite.Study, 2, Digests("sum"), []), Version(2),
            Opened(3, RoundKind.Evaluation), .. Consented(3), .. Sites.Select(s => Update(s, 3)), new RoundClosed(TestSite.Study, 3, Sites, Sites, [], []), new AggregateRevealed(TestSite.Study, 3, Digests("sum"), []),
        ];
        Assert.IsType<SiteStep.Discard>(Reconcile.Next(After(trained), Self, new StudyDisk(2, Disk(Staged(3, kind: RoundKind.Evaluation)).Staged), Yes));
    }

    [Fact]
    public void leaves_an_open_round_when_the_site_does_not_agree_any_more()
    {
        var no = new StudyAnswer.Decline(RefusalReason.StewardRefused, "no");
        LedgerEvent[] refused = [new StudyDeclined(TestSite.Study, Self, Manifest.Digest, RefusalReason.StewardRefused, "")];
        foreach (var events in new LedgerEvent[][] { [.. Approved, Opened(1), .. refused], [.. OpenAndConsented, .. refused] })
        {
            Assert.Equal(new SiteStep.Withdraw(Opened(1), no).Why, Assert.IsType<SiteStep.Withdraw>(Reconcile.Next(After(events), Self, Disk(), no)).Why);
            Assert.IsType<SiteStep.Withdraw>(Reconcile.Next(After(events), Self, Disk(Staged(1)), no));   // a finished update too
        }
        // An approval of an earlier holder of this name stands in the ledger; this site's own steward never spoke.
        Assert.IsType<SiteStep.Withdraw>(Reconcile.Next(After(OpenAndConsented), Self, Disk(), new StudyAnswer.AskSteward()));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After([.. OpenAndConsented, Update(Self, 1), .. refused]), Self, Disk(), no));   // what was handed in stays in
    }

    [Fact]
    public void rests_in_rounds_that_its_state_is_beyond()
    {
        Assert.IsType<SiteStep.Make>(Reconcile.Next(After(OpenAndConsented), Self, Disk(), Yes));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After(OpenAndConsented), Self, Disk() with { PromotedRound = 1 }, Yes));
        Assert.IsType<SiteStep.Rest>(Reconcile.Next(After([.. Approved, Opened(1)]), Self, Disk() with { PromotedRound = 2 }, Yes));
    }

    /// <summary>A world of coordinator and disk, driven by whatever the law asks for, with crashes that lose everything in memory and unfinished work.</summary>
    [Fact]
    public void ends_every_round_once_however_often_it_is_cut_off()
    {
        var (promoted, discarded, cutOff) = (0, 0, 0);
        Gen.Select(Gen.Int[0, 5].Array[60], Gen.Bool.Array[4], (dice, answers) => (dice, answers)).Sample(run =>
        {
            List<LedgerEvent> ledger = [.. Approved];
            var (disk, made, round) = (StudyDisk.Empty, new Dictionary<int, int>(), 0);
            foreach (var roll in run.dice)
            {
                var state = After([.. ledger]);
                // The other sites and the coordinator move on when the roll says so.
                if (roll == 0 && state.Round is null or RoundState.Failed && round == 0) ledger.Add(Opened(++round));
                else if (roll == 1 && state.Round is RoundState.Collecting { Answers.Count: > 0 } open) ledger.AddRange(Close(open, run.answers[round - 1]));
                else if (roll == 2)
                {
                    cutOff++;
                    continue;   // the agent died before it did anything
                }
                state = After([.. ledger]);
                var step = Reconcile.Next(state, Self, disk, Yes);
                if (roll == 3 && step is SiteStep.Make)
                {
                    cutOff++;
                    continue;   // died in the middle of training: nothing is on disk
                }
                switch (step)
                {
                    case SiteStep.Consider s:
                        ledger.Add(new SiteConsented(TestSite.Study, s.Round.Round, Self, Digests("policy"), ""));
                        break;
                    case SiteStep.Make s:
                        Assert.DoesNotContain(s.Round.Round, disk.Staged.Keys);
                        made[s.Round.Round] = made.GetValueOrDefault(s.Round.Round) + 1;
                        disk = disk with { Staged = disk.Staged.Add(s.Round.Round, Staged(s.Round.Round)) };
                        break;
                    case SiteStep.Send s:
                        ledger.Add(Update(Self, s.Round.Round));
                        break;
                    case SiteStep.Promote s:
                        Assert.True(Used(state, s.Update.Round) && state.Versions.Any(v => v.Round == s.Update.Round));
                        disk = new StudyDisk(s.Update.Round, disk.Staged.Remove(s.Update.Round));
                        Interlocked.Increment(ref promoted);
                        break;
                    case SiteStep.Discard s:
                        Assert.False(Used(state, s.Update.Round));
                        disk = disk with { Staged = disk.Staged.Remove(s.Update.Round) };
                        Interlocked.Increment(ref discarded);
                        break;
                    case SiteStep.GiveUp or SiteStep.Answer:
                        Assert.Fail($"{step} is not asked for here.");
                        break;
                }
            }
            Assert.All(made.Values, times => Assert.Equal(1, times));
        }, iter: 300);
        Assert.True(promoted > 0 && discarded > 0 && cutOff > 0, "the generator must reach every outcome");
    }

    private static bool Used(StudyState state, int round) => state.RoundNumbered(round) switch
    {
        RoundState.Closed c   => c.Used.Contains(Self),
        RoundState.Revealed r => r.Used.Contains(Self),
        _                     => false,
    };

    private static IEnumerable<LedgerEvent> Close(RoundState.Collecting open, bool others)
    {
        var number = open.Opened.Round;
        foreach (var site in new[] { B, C })
        {
            if (open.Answers.ContainsKey(site)) continue;
            yield return new SiteConsented(TestSite.Study, number, site, Digests("policy"), "");
            if (others) yield return Update(site, number);
        }
        var selfIn = open.Answers.GetValueOrDefault(Self) is SiteAnswer.Reported;
        System.Collections.Immutable.ImmutableArray<Domain.Names.SiteId> used = [.. Sites.Where(s => s == Self ? selfIn : others)];
        System.Collections.Immutable.ImmutableArray<Domain.Names.SiteId> dropped = [.. Sites.Where(s => !used.Contains(s))];
        if (used.Length < 2)
        {
            yield return new RoundFailed(TestSite.Study, number, RoundFailure.TooFewParticipants, Sites, [], dropped);
            yield break;
        }
        yield return new RoundClosed(TestSite.Study, number, Sites, used, [], dropped);
        yield return new AggregateRevealed(TestSite.Study, number, Digests("sum"), []);
        yield return Version(number);
    }
}
