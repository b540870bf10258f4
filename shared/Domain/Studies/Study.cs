using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>The law of one study: what follows from a command, and what a fact makes of the state. Pure.</summary>
public static class Study
{
    /// <summary>How many answers of one site to one study are recorded; after them it can only take an approval back, and that is its last.</summary>
    public const int MostAnswers = 100;

    /// <summary>What <paramref name="command"/> means in <paramref name="state"/> at <paramref name="now"/>.</summary>
    public static Decision Decide(StudyState state, StudyCommand command, DateTimeOffset now) => (state.Phase, command) switch
    {
        (StudyPhase.Unknown, StudyCommand.Submit c)              => Submit(c),
        (_, StudyCommand.Submit c)                               => state.Manifest == c.Manifest ? new Decision.Unchanged() : Refusal.StudyExists,
        (StudyPhase.Unknown, _)                                  => Refusal.StudyUnknown,
        (_, StudyCommand.ForRound c)                             => ForRound(state, c.Command, now),
        (StudyPhase.Completed or StudyPhase.Stopped, _)          => Refusal.StudyEnded,
        (_, StudyCommand.Approve c)                              => Answer(state, c.Statement.Site, c.Statement.Manifest, null, c.Statement),
        (_, StudyCommand.Decline c)                              => Answer(state, c.Statement.Site, c.Statement.Manifest, c.Statement.Reason, c.Statement),
        (_, StudyCommand.Publish c)                              => Publish(state, c.Version),
        (_, StudyCommand.Stop c)                                 => Stop(state, c.Why, now),
        (_, StudyCommand.Advance c)                              => StudyProgress.Advance(state, c.Members, now),
        _ => throw new ArgumentException($"No law for {command.GetType().Name}.", nameof(command)),
    };

    private static Decision Submit(StudyCommand.Submit c)
    {
        var named = c.Manifest.Cohort.Sites;
        if (named.Any(s => !c.Enrolled.Contains(s))) return Refusal.SiteUnknown;
        ImmutableArray<SiteId> asked = named.IsEmpty ? [.. c.Enrolled] : [.. named.Order()];
        if (asked.Length < c.Manifest.Cohort.Minimum) return Refusal.TooFewSites;
        var text = System.Text.Encoding.UTF8.GetString(c.Manifest.Canonical.AsSpan());
        return new Decision.Accepted([new StudySubmitted(c.Manifest.Name, text, c.Manifest.Digest, asked), c.Initial]);
    }

    private static Decision Answer(StudyState state, SiteId site, Digest manifest, Policies.RefusalReason? said, LedgerEvent statement)
    {
        if (!state.Asked.Contains(site)) return Refusal.SiteNotAsked;
        if (manifest != state.Manifest!.Digest) return Refusal.ManifestMismatch;
        var answered = state.Answers.TryGetValue(site, out var before);
        if (answered && before == said) return new Decision.Unchanged();
        // Every answer is a leaf for ever, so there is an end to them. But an approval can always be taken back.
        var takesBack = answered && before is null;
        return state.TimesAnswered.GetValueOrDefault(site) >= MostAnswers && !takesBack ? Refusal.TooManyAnswers : statement;
    }

    private static Decision ForRound(StudyState state, RoundCommand command, DateTimeOffset now) =>
        state.RoundNumbered(command.Round) is { } round ? Round.Decide(round, command, now) : Refusal.RoundNotOpen;

    private static Decision Publish(StudyState state, VersionPublished version)
    {
        if (state.Versions[^1].Round == version.Round && state.Versions[^1].Version == version.Version) return new Decision.Unchanged();
        return CanFollow(state, version) ? version : Refusal.NotInThisState;
    }

    private static bool CanFollow(StudyState state, VersionPublished version) =>
        state.Round is RoundState.Revealed { Opened.Kind: RoundKind.Training } round
        && round.Opened.Round == version.Round && state.Versions[^1].Round != version.Round && version.Parent == state.Versions[^1].Version;

    private static Decision Stop(StudyState state, StopReason why, DateTimeOffset now)
    {
        var stopped = new StudyStopped(state.Manifest!.Name, why);
        return state.Round is RoundState.Collecting or RoundState.Closed
               && Round.Decide(state.Round, new RoundCommand.Fail(state.Round.Opened.Round, RoundFailure.Stopped), now) is Decision.Accepted failed
            ? new Decision.Accepted([.. failed.Events, stopped])
            : stopped;
    }

    /// <summary>The state after a fact.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="happened">A fact of the study's stream or of the stream of one of its rounds.</param>
    /// <param name="at">When it was decided.</param>
    /// <exception cref="InvalidOperationException">The fact cannot follow the state: the log is not lawful.</exception>
    public static StudyState Apply(StudyState state, LedgerEvent happened, DateTimeOffset at) => (state.Phase, happened) switch
    {
        (StudyPhase.Unknown, StudySubmitted e)                                   => Begin(e, at),
        (StudyPhase.Running, VersionPublished { Round: 0 } e) when state.Versions.IsEmpty && e.Parent is null
                                                                                  => state with { Versions = [e] },
        (StudyPhase.Running, VersionPublished e) when CanFollow(state, e)        => state with { Versions = state.Versions.Add(e) },
        (StudyPhase.Running, StudyApproved e) when e.Manifest == state.Manifest!.Digest
                                                                                  => Answered(state, e.Site, null),
        (StudyPhase.Running, StudyDeclined e) when e.Manifest == state.Manifest!.Digest
                                                                                  => Answered(state, e.Site, e.Reason),
        (StudyPhase.Running, RoundOpened e) when StudyProgress.MayOpen(state, e) => StudyProgress.Open(state, e),
        (StudyPhase.Running, StudyCompleted e) when state.Evaluated && e.Version == state.Versions[^1].Version
                                                                                  => state with { Phase = StudyPhase.Completed },
        (StudyPhase.Running, StudyStopped)                                       => state with { Phase = StudyPhase.Stopped },
        (not StudyPhase.Unknown, RoundEvent or RoundClosed or AggregateRevealed or RoundFailed) => InRound(state, happened),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot follow in a study that is {state.Phase}."),
    };

    private static StudyState Answered(StudyState state, SiteId site, Policies.RefusalReason? said) => state with
    {
        Answers = state.Answers.SetItem(site, said),
        TimesAnswered = state.TimesAnswered.SetItem(site, state.TimesAnswered.GetValueOrDefault(site) + 1),
    };

    private static StudyState Begin(StudySubmitted e, DateTimeOffset at)
    {
        if (ManifestReader.ReadCanonical(System.Text.Encoding.UTF8.GetBytes(e.Manifest)) is not ManifestReading.Read(var manifest)
            || manifest.Digest != e.ManifestDigest || manifest.Name != e.Study)
            throw new InvalidOperationException($"The manifest of study {e.Study} in the ledger is not lawful.");
        return new StudyState { Phase = StudyPhase.Running, Manifest = manifest, Asked = e.Asked, SubmittedAt = at };
    }

    private static StudyState InRound(StudyState state, LedgerEvent happened)
    {
        var number = happened switch
        {
            RoundEvent e        => e.Round,
            RoundClosed e       => e.Round,
            AggregateRevealed e => e.Round,
            RoundFailed e       => e.Round,
            _                   => throw new InvalidOperationException($"{happened.GetType().Name} belongs to no round."),
        };
        var round = state.RoundNumbered(number) ?? throw new InvalidOperationException($"There is no round {number}.");
        var after = Round.Apply(round, happened);
        if (number != state.Round!.Opened.Round) return state with { Past = state.Past.SetItem(number, after) };
        return after.GetType() == round.GetType()
            ? state with { Round = after }
            : StudyProgress.Conclude(state with { Round = after }, after);
    }
}
