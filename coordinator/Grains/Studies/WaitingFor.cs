using System.Collections.Immutable;
using System.Diagnostics;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>One sentence about what happens next and who is waited for. Pure.</summary>
internal static class WaitingFor
{
    internal static string Sentence(StudyState study, ImmutableSortedDictionary<SiteId, string> members, string? trouble, DateTimeOffset now)
    {
        if (trouble is not null && study.Phase == StudyPhase.Running) return trouble;
        return (study.Phase, StudyProgress.Due(study)) switch
        {
            (StudyPhase.Completed, _)            => "Nothing: the study is completed.",
            (StudyPhase.Stopped, _)              => "Nothing: the study was stopped.",
            (_, StudyWork.Collect(var round))    => Collecting(round, members),
            (_, StudyWork.Fold(var round))       => $"The coordinator adds the {round.Used.Length} updates of round {round.Opened.Round}.",
            (_, StudyWork.Step(var round))       => $"The coordinator makes the version of round {round.Opened.Round}.",
            (_, StudyWork.Open)                  => Opening(study, members, now),
            (_, StudyWork.None)                  => "Nothing.",
            _                                    => throw new UnreachableException("Work without a sentence."),
        };
    }

    private static string Collecting(RoundState.Collecting round, ImmutableSortedDictionary<SiteId, string> members)
    {
        var open = round.Invited.Where(members.ContainsKey).ToLookup(s => round.Answers.GetValueOrDefault(s));
        var silent = Names(round.Invited.Where(s => members.ContainsKey(s) && !round.Answers.ContainsKey(s)));
        var working = Names(open.Where(g => g.Key is SiteAnswer.Consented).SelectMany(g => g));
        var until = $"until {round.Opened.Deadline:u} at the latest";
        return (silent, working) switch
        {
            ("", "") => $"Round {round.Opened.Round} closes now: every site has answered.",
            ("", _) => $"Round {round.Opened.Round} waits for the updates of {working}, {until}.",
            (_, "") => $"Round {round.Opened.Round} waits for the answers of {silent}, {until}.",
            _ => $"Round {round.Opened.Round} waits for the updates of {working} and the answers of {silent}, {until}.",
        };
    }

    private static string Opening(StudyState study, ImmutableSortedDictionary<SiteId, string> members, DateTimeOffset now)
    {
        var (minimum, next) = (study.Manifest!.Cohort.Minimum, study.Evaluated ? "The end of the study" : "The next round");
        var ready = study.Approved.Count(members.ContainsKey);
        var silent = Names(study.Asked.Where(s => members.ContainsKey(s) && !study.Answers.ContainsKey(s)));
        var patience = study.SubmittedAt + study.Manifest.Cohort.Patience;
        if (ready < minimum)
            return silent.Length == 0
                ? $"{next} needs {minimum} members that approve, and {ready} do: ask the others, enrol more sites, or stop the study."
                : $"{next} needs {minimum} members that approve, and {ready} do; no answer yet from {silent}.";
        return study.Round is null && silent.Length > 0 && now < patience
            ? $"The first round waits for the answer of {silent}, until {patience:u} at the latest."
            : $"{next} begins now.";
    }

    private static string Names(IEnumerable<SiteId> sites) => string.Join(", ", sites);
}
