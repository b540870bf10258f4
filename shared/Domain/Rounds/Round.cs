using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Rounds;

/// <summary>The law of one round: which command is lawful in which state. Pure.</summary>
public static class Round
{
    /// <summary>What <paramref name="command"/> means in <paramref name="state"/> at <paramref name="now"/>.</summary>
    public static Decision Decide(RoundState state, RoundCommand command, DateTimeOffset now) => command switch
    {
        _ when command.Round != state.Opened.Round => Refusal.RoundNotOpen,
        RoundCommand.Consent c                     => Consent(state, c.Statement, now),
        RoundCommand.Decline c                     => Decline(state, c.Statement),
        RoundCommand.Announce c                    => Announce(state, c.Statement, now),
        RoundCommand.Close c                       => Close(state, c.Admitted, now),
        RoundCommand.Reveal c                      => state is RoundState.Closed
            ? new AggregateRevealed(state.Opened.Study, c.Round, c.Aggregate, c.Counts)
            : Refusal.NotInThisState,
        RoundCommand.Fail c                        => state is RoundState.Collecting or RoundState.Closed
            ? Failed(state, c.Why, [])
            : Refusal.NotInThisState,
        _ => throw new ArgumentException($"No law for {command.GetType().Name}.", nameof(command)),
    };

    private static Decision Consent(RoundState state, SiteConsented said, DateTimeOffset now) => (state, Answer(state, said.Site)) switch
    {
        _ when !state.Invites(said.Site)                                       => Refusal.NotInCohort,
        (_, SiteAnswer.Consented or SiteAnswer.Reported)                       => new Decision.Unchanged(),
        (_, SiteAnswer.Declined)                                               => Refusal.AlreadyDeclined,
        (RoundState.Collecting, null) when now < state.Opened.Deadline         => said,
        _                                                                      => Refusal.TooLate,
    };

    private static Decision Decline(RoundState state, SiteDeclined said) => (state, Answer(state, said.Site)) switch
    {
        _ when !state.Invites(said.Site)                                       => Refusal.NotInCohort,
        (_, SiteAnswer.Declined)                                               => new Decision.Unchanged(),
        (_, SiteAnswer.Reported)                                               => Refusal.AnotherUpdateAccepted,
        (RoundState.Collecting, null or SiteAnswer.Consented)                  => said,
        _                                                                      => Refusal.TooLate,
    };

    private static Decision Announce(RoundState state, UpdateAccepted said, DateTimeOffset now) => (state, Answer(state, said.Site)) switch
    {
        _ when !state.Invites(said.Site)                                       => Refusal.NotInCohort,
        _ when said.Attempt != state.Opened.Attempt                            => Refusal.WrongAttempt,
        _ when said.BaseVersion != state.Opened.BaseVersion                    => Refusal.WrongBaseVersion,
        (_, SiteAnswer.Reported a) when a.Update.Blob == said.Blob             => new Decision.Unchanged(),
        (_, SiteAnswer.Reported)                                               => Refusal.AnotherUpdateAccepted,
        (_, SiteAnswer.Late a) when a.Blob == said.Blob                        => Refusal.TooLate,
        (_, SiteAnswer.Late)                                                   => Refusal.AnotherUpdateAccepted,
        (_, SiteAnswer.Declined)                                               => Refusal.AlreadyDeclined,
        (_, null)                                                              => Refusal.ConsentMissing,
        (RoundState.Collecting, _) when IsOfAnotherSite(state, said)           => Refusal.UpdateOfAnotherSite,
        (RoundState.Collecting, _) when now < state.Opened.Deadline            => said,
        _                                                                      => new UpdateLate(said.Study, said.Round, said.Site, said.Blob),
    };

    // Rounding draws from the site's own secret, so two sites' training updates are equal only where one was copied: whoever repeats an accepted digest
    // would double that site. An evaluation is a few counts, and two honest sites may well have the same.
    private static bool IsOfAnotherSite(RoundState state, UpdateAccepted said) =>
        state.Opened.Kind == RoundKind.Training && state.Updates.Any(u => u.Site != said.Site && u.Blob == said.Blob);

    private static Decision Close(RoundState state, ImmutableSortedSet<SiteId> admitted, DateTimeOffset now)
    {
        if (state is not RoundState.Collecting) return Refusal.NotInThisState;
        var waiting = state.Invited.Any(s => admitted.Contains(s) && Answer(state, s) is null or SiteAnswer.Consented);
        if (waiting && now < state.Opened.Deadline) return Refusal.RoundStillOpen;

        ImmutableArray<SiteId> used = [.. state.Updates.Select(u => u.Site).Where(admitted.Contains)];
        return used.Length >= state.Opened.Minimum
            ? new RoundClosed(state.Opened.Study, state.Opened.Round, state.Invited, used, Declined(state), Dropped(state, used))
            : Failed(state, RoundFailure.TooFewParticipants, used);
    }

    /// <summary>The state after a fact.</summary>
    /// <exception cref="InvalidOperationException">The fact cannot follow the state: the log is not lawful.</exception>
    public static RoundState Apply(RoundState state, LedgerEvent happened) => (state, happened) switch
    {
        (RoundState.Collecting s, SiteConsented e) when Answer(s, e.Site) is null => With(s, e.Site, new SiteAnswer.Consented()),
        (RoundState.Collecting s, SiteDeclined e) when Answer(s, e.Site) is null or SiteAnswer.Consented
                                                  => With(s, e.Site, new SiteAnswer.Declined(e.Reason)),
        (RoundState.Collecting s, UpdateAccepted e) when Answer(s, e.Site) is SiteAnswer.Consented
                                                  => With(s, e.Site, new SiteAnswer.Reported(e)),
        (_, UpdateLate e) when Answer(state, e.Site) is SiteAnswer.Consented
                                                  => With(state, e.Site, new SiteAnswer.Late(e.Blob)),
        (RoundState.Collecting s, RoundClosed e) when Lists(s, e.Invited, e.Used, e.Refused, e.Dropped)
                                                  => new RoundState.Closed(s.Opened, s.Answers, e.Used),
        (RoundState.Closed s, AggregateRevealed e) => new RoundState.Revealed(s.Opened, s.Answers, s.Used, e),
        (RoundState.Collecting or RoundState.Closed, RoundFailed e) => new RoundState.Failed(state.Opened, state.Answers, e.Why),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow {state.GetType().Name} in round {state.Id}."),
    };

    private static bool Lists(
        RoundState state, ImmutableArray<SiteId> invited, ImmutableArray<SiteId> used, ImmutableArray<SiteId> refused, ImmutableArray<SiteId> dropped) =>
        invited.AsSpan().SequenceEqual(state.Invited.AsSpan())
        && used.Length >= state.Opened.Minimum
        && used.All(s => Answer(state, s) is SiteAnswer.Reported)
        && refused.AsSpan().SequenceEqual(Declined(state).AsSpan())
        && dropped.AsSpan().SequenceEqual(Dropped(state, used).AsSpan());

    private static RoundState With(RoundState state, SiteId site, SiteAnswer answer) =>
        state with { Answers = state.Answers.SetItem(site, answer) };

    private static SiteAnswer? Answer(RoundState state, SiteId site) => state.Answers.GetValueOrDefault(site);

    private static ImmutableArray<SiteId> Declined(RoundState state) =>
        [.. state.Answers.Where(a => a.Value is SiteAnswer.Declined).Select(a => a.Key)];

    private static ImmutableArray<SiteId> Dropped(RoundState state, ImmutableArray<SiteId> used) =>
        [.. state.Invited.Where(s => !used.Contains(s) && Answer(state, s) is not SiteAnswer.Declined)];

    private static RoundFailed Failed(RoundState state, RoundFailure why, ImmutableArray<SiteId> used) =>
        new(state.Opened.Study, state.Opened.Round, why, state.Invited, Declined(state), Dropped(state, used));
}
