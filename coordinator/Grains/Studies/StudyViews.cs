using System.Collections.Immutable;
using System.Diagnostics;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>Draws the view of a study from its state. Pure.</summary>
internal static class StudyViews
{
    internal static StudyView Draw(StudyBook book, long ledgerSize, string waitingFor)
    {
        var (study, manifest) = (book.Study, book.Study.Manifest!);
        var rounds = study.Past.Values.Concat(study.Round is { } newest ? [newest] : []);
        return new StudyView(
            manifest.Name, manifest.Title, study.Phase, manifest.Protection, manifest.Strategy.Kind, manifest.Rounds.Count, manifest.Digest,
            [.. study.Asked.Select(s => new AnswerView(s, study.Answers.TryGetValue(s, out var no), no))],
            [.. rounds.Select(r => Draw(r, book.Times[r.Opened.Round]))], [.. study.Versions], ledgerSize, waitingFor);
    }

    private static RoundView Draw(RoundState round, RoundTimes times) => new(
        round.Opened.Round, round.Opened.Kind, OutcomeOf(round), (round as RoundState.Failed)?.Why, SitesOf(round), times.Opened, times.Ended,
        round.Opened.Deadline, round is RoundState.Revealed revealed ? revealed.Aggregate.Counts : [],
        [.. round.Updates.SelectMany(u => u.Figures.Select(f => new FigureView(u.Site, f.Figure, f.Value)))], round.Opened.BaseVersion);

    private static RoundOutcome OutcomeOf(RoundState round) => round switch
    {
        RoundState.Collecting => RoundOutcome.Collecting,
        RoundState.Closed => RoundOutcome.Closed,
        RoundState.Revealed => RoundOutcome.Revealed,
        RoundState.Failed => RoundOutcome.Failed,
        _ => throw new UnreachableException($"{round.GetType().Name} has no name."),
    };

    private static RoundSites SitesOf(RoundState round)
    {
        var used = UsedOf(round);
        return new RoundSites(
            round.Invited, Who(round, a => a is SiteAnswer.Consented or SiteAnswer.Reported or SiteAnswer.Late), Who(round, a => a is SiteAnswer.Reported), used,
            [.. round.Answers.Where(a => a.Value is SiteAnswer.Declined).Select(a => new RefusalView(a.Key, ((SiteAnswer.Declined)a.Value).Reason))],
            round switch
            {
                RoundState.Collecting => [],
                RoundState.Failed => [.. round.Invited.Where(s => round.Answers.GetValueOrDefault(s) is not (SiteAnswer.Declined or SiteAnswer.Reported))],
                _ => [.. round.Invited.Where(s => !used.Contains(s) && round.Answers.GetValueOrDefault(s) is not SiteAnswer.Declined)],
            },
            Who(round, a => a is SiteAnswer.Late));
    }

    private static ImmutableArray<SiteId> UsedOf(RoundState round) => round switch
    {
        RoundState.Closed closed => closed.Used,
        RoundState.Revealed revealed => revealed.Used,
        _ => [],
    };

    private static ImmutableArray<SiteId> Who(RoundState round, Func<SiteAnswer, bool> said) =>
        [.. round.Answers.Where(a => said(a.Value)).Select(a => a.Key)];
}
