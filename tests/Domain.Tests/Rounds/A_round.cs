using System.Collections.Immutable;
using CsCheck;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;
using static DeepSeek.Federated.Domain.Tests.Samples;

namespace DeepSeek.Federated.Domain.Tests.Rounds;

public sealed class A_round
{
    private static readonly RoundOpened Opened = new(
        Heart, 1, 1, RoundKind.Training, Hash("v0"), Hash("c0"), [.. Hospitals.Select(s => new CohortMember(s, $"ed25519:{s}"))],
        Protection.Clear, 16, 1, 200, 2, Noon + TimeSpan.FromMinutes(10), Hash("manifest"));

    private static readonly RoundState Open = new RoundState.Collecting(Opened, ImmutableSortedDictionary<SiteId, SiteAnswer>.Empty);
    private static readonly ImmutableSortedSet<SiteId> Admitted = [.. Hospitals];

    private static RoundState Do(RoundState state, RoundCommand command, DateTimeOffset? now = null) =>
        Round.Decide(state, command, now ?? Noon) is Decision.Accepted(var events)
            ? events.Aggregate(state, Round.Apply)
            : throw new InvalidOperationException($"{command} was refused.");

    private static RoundCommand Consent(SiteId s) => new RoundCommand.Consent(new SiteConsented(Heart, 1, s, Hash("policy"), "signature"));
    private static RoundCommand Decline(SiteId s) => new RoundCommand.Decline(new SiteDeclined(Heart, 1, s, RefusalReason.DataUnfit, "signature"));
    private static RoundCommand Announce(SiteId s, string blob = "blob") => new RoundCommand.Announce(Update(s, Opened, blob));
    private static RoundCommand Close() => new RoundCommand.Close(1, Admitted);

    private static RoundState Reported(params SiteId[] sites) => sites.Aggregate(Open, (s, site) => Do(Do(s, Consent(site)), Announce(site)));

    [Fact]
    public void gives_the_first_answer_again_when_the_same_update_comes_again() =>
        Assert.IsType<Decision.Unchanged>(Round.Decide(Reported(Hospitals[0]), Announce(Hospitals[0]), Noon));

    [Fact]
    public void refuses_another_update_of_a_site_that_has_reported() =>
        Assert.Equal(new Decision.Refused(Refusal.AnotherUpdateAccepted), Round.Decide(Reported(Hospitals[0]), Announce(Hospitals[0], "other"), Noon));

    [Fact]
    public void counts_the_same_bytes_once_however_many_sites_announce_them()
    {
        var copied = new RoundCommand.Announce(Update(Hospitals[0], Opened) with { Site = Hospitals[1] });
        var open = Do(Reported(Hospitals[0]), Consent(Hospitals[1]));
        Assert.Equal(new Decision.Refused(Refusal.UpdateOfAnotherSite), Round.Decide(open, copied, Noon));
        Assert.IsType<Decision.Accepted>(Round.Decide(open, Announce(Hospitals[1]), Noon)); // the site can still send its own
    }

    [Fact]
    public void takes_equal_evaluations_of_two_sites_for_they_are_a_few_counts()
    {
        RoundState open = new RoundState.Collecting(Opened with { Kind = RoundKind.Evaluation }, ImmutableSortedDictionary<SiteId, SiteAnswer>.Empty);
        open = Do(Do(Do(open, Consent(Hospitals[0])), Announce(Hospitals[0])), Consent(Hospitals[1]));
        Assert.IsType<Decision.Accepted>(Round.Decide(open, new RoundCommand.Announce(Update(Hospitals[0], Opened) with { Site = Hospitals[1] }), Noon));
    }

    [Fact]
    public void refuses_strangers_silent_sites_and_sites_that_declined()
    {
        Assert.Equal(new Decision.Refused(Refusal.NotInCohort), Round.Decide(Open, Announce(Stranger), Noon));
        Assert.Equal(new Decision.Refused(Refusal.ConsentMissing), Round.Decide(Open, Announce(Hospitals[0]), Noon));
        Assert.Equal(new Decision.Refused(Refusal.AlreadyDeclined), Round.Decide(Do(Open, Decline(Hospitals[0])), Announce(Hospitals[0]), Noon));
    }

    [Fact]
    public void refuses_an_update_for_another_attempt_or_from_another_version()
    {
        var open = Do(Open, Consent(Hospitals[0]));
        Assert.Equal(new Decision.Refused(Refusal.WrongAttempt), Round.Decide(open, new RoundCommand.Announce(Update(Hospitals[0], Opened, attempt: 2)), Noon));
        var stale = Update(Hospitals[0], Opened with { BaseVersion = Hash("elsewhere") });
        Assert.Equal(new Decision.Refused(Refusal.WrongBaseVersion), Round.Decide(open, new RoundCommand.Announce(stale), Noon));
    }

    [Fact]
    public void closes_when_all_have_answered_and_not_before_unless_the_deadline_has_come()
    {
        var three = Reported(Hospitals[0], Hospitals[1], Hospitals[2]);
        Assert.Equal(new Decision.Refused(Refusal.RoundStillOpen), Round.Decide(three, Close(), Noon));
        Assert.IsType<RoundState.Closed>(Do(three, Close(), Opened.Deadline));
        Assert.IsType<RoundState.Closed>(Do(Do(three, Decline(Hospitals[3])), Close()));
    }

    [Fact]
    public void names_who_was_used_refused_and_dropped()
    {
        var closed = Round.Decide(Do(Do(Reported(Hospitals[0], Hospitals[1]), Decline(Hospitals[2])), Consent(Hospitals[3])), Close(), Opened.Deadline);
        var fact = Assert.IsType<RoundClosed>(Assert.IsType<Decision.Accepted>(closed).Events.Single());
        Assert.Equal(Hospitals, fact.Invited);
        Assert.Equal(Hospitals[..2], fact.Used);
        Assert.Equal([Hospitals[2]], fact.Refused);
        Assert.Equal([Hospitals[3]], fact.Dropped);
    }

    [Fact]
    public void fails_below_the_minimum_and_says_so() =>
        Assert.Equal(RoundFailure.TooFewParticipants, Assert.IsType<RoundState.Failed>(Do(Reported(Hospitals[0]), Close(), Opened.Deadline)).Why);

    [Fact]
    public void neither_waits_for_nor_uses_a_site_that_was_revoked()
    {
        var remaining = new RoundCommand.Close(1, Admitted.Remove(Hospitals[0]).Remove(Hospitals[3]));
        var closed = Assert.IsType<RoundState.Closed>(Do(Reported(Hospitals[0], Hospitals[1], Hospitals[2]), remaining));
        Assert.Equal(Hospitals[1..3], closed.Used);
    }

    [Fact]
    public void records_a_late_update_once_and_never_counts_it()
    {
        var closed = Do(Do(Reported(Hospitals[0], Hospitals[1]), Consent(Hospitals[2])), Close(), Opened.Deadline);
        var late = Do(closed, Announce(Hospitals[2]), Opened.Deadline);
        Assert.IsType<SiteAnswer.Late>(late.Answers[Hospitals[2]]);
        Assert.Equal(Hospitals[..2], Assert.IsType<RoundState.Closed>(late).Used);
        Assert.Equal(new Decision.Refused(Refusal.TooLate), Round.Decide(late, Announce(Hospitals[2]), Opened.Deadline));
    }

    [Fact]
    public void does_not_replay_a_log_in_which_an_unheard_site_is_used()
    {
        var lie = new RoundClosed(Heart, 1, [.. Hospitals], [.. Hospitals], [], []);
        Assert.Throws<InvalidOperationException>(() => Round.Apply(Reported(Hospitals[0], Hospitals[1]), lie));
    }

    [Fact]
    public void keeps_its_promises_whatever_is_asked_in_whatever_order()
    {
        var seen = new HashSet<string>();
        var site = Gen.Int[0, Hospitals.Length].Select(i => i < Hospitals.Length ? Hospitals[i] : Stranger);
        // Weighted so that every outcome is reached often: the list at the end would show a generator that cannot.
        var command = Gen.Frequency(
            (6, site.Select(Consent)), (6, site.Select(s => Announce(s))), (1, site.Select(Decline)), (1, site.Select(s => Announce(s, "other"))),
            (3, Gen.Const(Close())), (2, Gen.Const<RoundCommand>(new RoundCommand.Reveal(1, Hash("sum"), []))),
            (1, Gen.Const<RoundCommand>(new RoundCommand.Fail(1, RoundFailure.AggregateUnusable))));
        Gen.Select(command, Gen.Int[0, 12]).Array[0, 40].Sample(script =>
        {
            var (state, events) = (Open, new List<LedgerEvent>());
            foreach (var (asked, minutes) in script.OrderBy(s => s.Item2))
            {
                var decision = Round.Decide(state, asked, Noon + TimeSpan.FromMinutes(minutes));
                lock (seen) seen.Add($"{asked.GetType().Name}:{(decision is Decision.Refused(var why) ? why.ToString() : decision.GetType().Name)}");
                if (decision is not Decision.Accepted(var happened)) continue;
                state = happened.Aggregate(state, Round.Apply);
                events.AddRange(happened);
            }
            Assert.Equivalent(state, events.Aggregate(Open, Round.Apply));                       // replay is the truth
            Assert.True(events.Count(e => e is RoundClosed or RoundFailed { Why: RoundFailure.TooFewParticipants }) <= 1);
            var accepted = events.OfType<UpdateAccepted>().Select(e => e.Site).ToList();
            Assert.Equal(accepted.Distinct(), accepted);                                          // counted once
            if (events.OfType<RoundClosed>().SingleOrDefault() is not { } closed) return;
            Assert.Equal(accepted.Order(), closed.Used);
            Assert.Equal(Hospitals, closed.Used.Concat(closed.Refused).Concat(closed.Dropped).Order());   // nobody is forgotten
        }, iter: 10_000);
        string[] reached =
        [
            "Consent:Accepted", "Consent:NotInCohort", "Consent:TooLate", "Decline:Accepted", "Announce:Accepted", "Announce:Unchanged",
            "Announce:AnotherUpdateAccepted", "Announce:ConsentMissing", "Announce:AlreadyDeclined", "Close:Accepted", "Close:RoundStillOpen", "Reveal:Accepted", "Fail:Accepted",
        ];
        Assert.Empty(reached.Except(seen));
    }
}
