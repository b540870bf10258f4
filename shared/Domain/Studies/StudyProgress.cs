using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>The part of the law that drives a study forward: when a round opens, what kind it is, when the study ends, what work is due.</summary>
public static class StudyProgress
{
    /// <summary>What is due now, besides waiting for sites: the shell does it and comes back with a command.</summary>
    public static StudyWork Due(StudyState state) => state switch
    {
        { Phase: not StudyPhase.Running }                                              => new StudyWork.None(),
        { Round: RoundState.Closed r }                                                 => new StudyWork.Fold(r),
        { Round: RoundState.Revealed { Opened.Kind: RoundKind.Training } r } when state.Versions[^1].Round != r.Opened.Round
                                                                                       => new StudyWork.Step(r),
        { Round: RoundState.Collecting r }                                             => new StudyWork.Collect(r),
        _                                                                              => new StudyWork.Open(),
    };

    internal static Decision Advance(StudyState state, ImmutableSortedDictionary<SiteId, string> members, DateTimeOffset now)
    {
        var manifest = state.Manifest!;
        if (Due(state) is not StudyWork.Open) return new Decision.Unchanged();
        if (state.Evaluated) return new StudyCompleted(manifest.Name, state.Versions[^1].Version);
        if (state.FailedInARow >= manifest.Rounds.MaxFailures) return new StudyStopped(manifest.Name, StopReason.TooManyFailedRounds);

        var answered = state.Asked.Where(members.ContainsKey).All(state.Answers.ContainsKey);
        if (state.Round is null && !answered && now < state.SubmittedAt + manifest.Cohort.Patience) return new Decision.Unchanged();
        ImmutableArray<CohortMember> cohort = [.. state.Approved.Where(members.ContainsKey).Select(s => new CohortMember(s, members[s]))];
        if (cohort.Length < manifest.Cohort.Minimum) return new Decision.Unchanged();

        return new RoundOpened(
            manifest.Name, (state.Round?.Opened.Round ?? 0) + 1, 1, NextKind(state), state.Versions[^1].Version, state.Versions[^1].Content, cohort,
            manifest.Protection, manifest.Update.ValueBits, manifest.Update.Range, manifest.Update.WeightCap, manifest.Cohort.Minimum,
            now + manifest.Rounds.Deadline, manifest.Digest);
    }

    /// <summary>Whether a round may begin as <paramref name="e"/> says. The auditor asks this too.</summary>
    internal static bool MayOpen(StudyState state, RoundOpened e) =>
        Due(state) is StudyWork.Open && !state.Evaluated
        && e.Round == (state.Round?.Opened.Round ?? 0) + 1 && e.Kind == NextKind(state)
        && e.BaseVersion == state.Versions[^1].Version && e.BaseContent == state.Versions[^1].Content
        && e.Manifest == state.Manifest!.Digest && e.Protection == state.Manifest.Protection
        && e.ValueBits == state.Manifest.Update.ValueBits && e.Range == state.Manifest.Update.Range && e.WeightCap == state.Manifest.Update.WeightCap
        && e.Minimum == state.Manifest.Cohort.Minimum && e.Cohort.Length >= e.Minimum
        && e.Cohort.Zip(e.Cohort.Skip(1)).All(p => p.First.Site.CompareTo(p.Second.Site) < 0)
        && e.Cohort.All(m => state.Answers.TryGetValue(m.Site, out var no) && no is null);

    internal static StudyState Open(StudyState state, RoundOpened e) => state with
    {
        Past = state.Round is { } before ? state.Past.Add(before.Opened.Round, before) : state.Past,
        Round = new RoundState.Collecting(e, ImmutableSortedDictionary<SiteId, SiteAnswer>.Empty),
    };

    internal static StudyState Conclude(StudyState state, RoundState round) => round switch
    {
        RoundState.Failed when state.Phase == StudyPhase.Running                 => state with { FailedInARow = state.FailedInARow + 1 },
        RoundState.Revealed { Opened.Kind: RoundKind.Evaluation }                => state with { FailedInARow = 0, Evaluated = true },
        RoundState.Revealed                                                      => state with { FailedInARow = 0 },
        _                                                                        => state,
    };

    private static RoundKind NextKind(StudyState state) =>
        state.TrainedRounds < state.Manifest!.Rounds.Count ? RoundKind.Training : RoundKind.Evaluation;
}

/// <summary>Work that follows from a study's state.</summary>
public abstract record StudyWork
{
    private StudyWork() { }

    /// <summary>Nothing ever again.</summary>
    public sealed record None : StudyWork;

    /// <summary>Open the next round, or end, as soon as enough sites agree.</summary>
    public sealed record Open : StudyWork;

    /// <summary>Wait for the sites of this round until its deadline.</summary>
    public sealed record Collect(RoundState.Collecting Round) : StudyWork;

    /// <summary>Add the participants' updates and reveal the sum.</summary>
    public sealed record Fold(RoundState.Closed Round) : StudyWork;

    /// <summary>Let the strategy make the next version of the revealed sum.</summary>
    public sealed record Step(RoundState.Revealed Round) : StudyWork;
}
