using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>The law of a site's work: what the ledger says, what the disk holds, and so what is left to do. Pure, without memory and without a clock.</summary>
/// <remarks>
/// It is asked after every change and after every start, and always from the beginning: a crash, a duplicate or a reordering can therefore change
/// only when a thing is done, never whether or how often.
/// </remarks>
public static class Reconcile
{
    /// <param name="state">The study as the proven leaves tell it.</param>
    /// <param name="self">This site.</param>
    /// <param name="disk">What is finished here.</param>
    /// <param name="answer">What this site says to the study now; null when nobody can say yet (data being read).</param>
    public static SiteStep Next(StudyState state, SiteId self, StudyDisk disk, StudyAnswer? answer)
    {
        foreach (var staged in disk.Staged.Values)
            if (Settle(state, self, disk, staged) is { } settled) return settled;
        if (!state.Asked.Contains(self)) return new SiteStep.Rest();
        if (AnswerDue(state, self, answer) is { } due) return due;
        // A round before the one that made state k is over, whatever a ledger that is still being read again says.
        return state.Phase == StudyPhase.Running && state.Round is RoundState.Collecting round && round.Invites(self) && round.Opened.Round > disk.PromotedRound
            ? InRound(round, self, disk, answer)
            : new SiteStep.Rest();
    }

    /// <summary>Whether a round still wants an update of this site: asked again and again while one is made or sent.</summary>
    public static bool StillWanted(StudyState state, SiteId self, int round) =>
        state.RoundNumbered(round) is RoundState.Collecting collecting && collecting.Answers.GetValueOrDefault(self) is SiteAnswer.Consented;

    private static SiteStep? Settle(StudyState state, SiteId self, StudyDisk disk, StagedUpdate staged)
    {
        if (disk.PromotedRound >= staged.Round) return new SiteStep.Discard(staged);
        // A round that the ledger does not know, or knows otherwise, went with a recovered ledger.
        if (state.RoundNumbered(staged.Round) is not { } round || !BelongsTo(staged, round.Opened)) return new SiteStep.Discard(staged);
        return round switch
        {
            RoundState.Collecting                                              => null,
            RoundState.Failed                                                  => new SiteStep.Discard(staged),
            RoundState.Closed { Used: var used } when !used.Contains(self)     => new SiteStep.Discard(staged),
            RoundState.Closed when state.Phase == StudyPhase.Running           => null,
            RoundState.Closed                                                  => new SiteStep.Discard(staged),
            RoundState.Revealed { Used: var used } when !used.Contains(self)   => new SiteStep.Discard(staged),
            RoundState.Revealed when staged.Kind == RoundKind.Evaluation       => new SiteStep.Discard(staged),
            RoundState.Revealed when state.Versions.Find(v => v.Round == staged.Round) is { } made
                                                                               => staged.Intact ? new SiteStep.Promote(staged, made.Version) : new SiteStep.Discard(staged),
            RoundState.Revealed when state.Phase == StudyPhase.Running         => null,
            RoundState.Revealed                                                => new SiteStep.Discard(staged),
            _ => throw new ArgumentException($"No law for {round.GetType().Name}.", nameof(state)),
        };
    }

    private static bool BelongsTo(StagedUpdate staged, RoundOpened opened) =>
        staged.Attempt == opened.Attempt && staged.BaseVersion == opened.BaseVersion && staged.Kind == opened.Kind;

    private static SiteStep? AnswerDue(StudyState state, SiteId self, StudyAnswer? answer)
    {
        if (state.Phase != StudyPhase.Running) return null;
        var said = state.Answers.TryGetValue(self, out var reason);
        return answer switch
        {
            StudyAnswer.Approve when !said || reason is not null              => new SiteStep.Answer(answer),
            StudyAnswer.Decline no when !said || reason != no.Reason          => new SiteStep.Answer(answer),
            _                                                                 => null,
        };
    }

    // An approval in the ledger is not enough: the site must still agree, in the middle of a round too.
    private static SiteStep InRound(RoundState.Collecting round, SiteId self, StudyDisk disk, StudyAnswer? answer) => (round.Answers.GetValueOrDefault(self), answer) switch
    {
        (null or SiteAnswer.Consented, StudyAnswer.Decline no) => new SiteStep.Withdraw(round.Opened, no),
        (null or SiteAnswer.Consented, not StudyAnswer.Approve) => new SiteStep.Withdraw(round.Opened, NotAgreed),
        _                                                       => Agreed(round, self, disk),
    };

    private static readonly StudyAnswer.Decline NotAgreed = new(RefusalReason.StewardRefused, "The steward of this site has not agreed to this manifest.");

    private static SiteStep Agreed(RoundState.Collecting round, SiteId self, StudyDisk disk) => round.Answers.GetValueOrDefault(self) switch
    {
        null                 => new SiteStep.Consider(round.Opened),
        SiteAnswer.Consented => disk.Staged.TryGetValue(round.Opened.Round, out var staged)
            ? staged.Intact ? new SiteStep.Send(round.Opened, staged) : new SiteStep.GiveUp(round.Opened)
            : new SiteStep.Make(round.Opened),
        _                    => new SiteStep.Rest(),   // declined, reported or late: nothing more is asked
    };
}
