using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>A study's progress as plain lines, each said once: for logs and pipes.</summary>
internal sealed class StudyLines
{
    private readonly HashSet<string> _said = [];

    /// <summary>What is new in <paramref name="status"/>.</summary>
    public IEnumerable<string> News(StudyStatus status) => Lines(status).Where(_said.Add);

    private static IEnumerable<string> Lines(StudyStatus status)
    {
        foreach (var answer in status.Answers.Where(a => a.Answer != "none")) yield return $"{answer.Site}: {answer.Answer}";
        foreach (var round in status.Rounds)
        {
            yield return $"round {round.Number} ({round.Kind}): opened for {string.Join(", ", round.Invited)}";
            foreach (var refused in round.Refused) yield return $"round {round.Number}: {refused.Site} refused, {refused.Reason}";
            foreach (var site in round.Reported) yield return $"round {round.Number}: {site} sent its update";
            foreach (var site in round.Late) yield return $"round {round.Number}: {site} was late";
            if (round.EndedUnixMs > 0)
                yield return $"round {round.Number}: {round.Outcome}{(round.Why.Length > 0 ? $", {round.Why}" : "")} after {RoundCells.Seconds(round):0.0} s, "
                    + $"{round.Used.Count} of {round.Invited.Count} used{RoundCells.Left(round)}";
        }
        foreach (var version in status.Versions) yield return $"version {StudyCommands.Short(version.Version)} published by round {version.Round}";
        if (status.Phase != "running") yield return $"the study is {status.Phase}";
    }
}
