using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>A study's progress as plain lines, each said once: for logs and pipes.</summary>
internal sealed class StudyLines
{
    private readonly HashSet<string> _said = [];

    /// <summary>What is new in <paramref name="status"/>.</summary>
    public IEnumerable<string> News(StudyStatus status) => Lines(status).Where(line => _said.Add(line.Once ?? line.Text)).Select(line => line.Text);

    // Once: what a line is about, where the same thing may be told in other words (a round's seconds grow until its version is published).
    private static IEnumerable<(string Text, string? Once)> Lines(StudyStatus status)
    {
        foreach (var answer in status.Answers.Where(a => a.Answer != "none")) yield return ($"{answer.Site}: {answer.Answer}", null);
        foreach (var round in status.Rounds)
        {
            yield return ($"round {round.Number} ({round.Kind}): opened for {string.Join(", ", round.Invited)}", null);
            foreach (var refused in round.Refused) yield return ($"round {round.Number}: {refused.Site} refused, {refused.Reason}", null);
            foreach (var site in round.Reported) yield return ($"round {round.Number}: {site} sent its update", null);
            foreach (var site in round.Late) yield return ($"round {round.Number}: {site} was late", null);
            if (round.EndedUnixMs > 0)
                yield return ($"round {round.Number}: {round.Outcome}{(round.Why.Length > 0 ? $", {round.Why}" : "")} after {RoundCells.Seconds(round):0.0} s, "
                    + $"{round.Used.Count} of {round.Invited.Count} used{RoundCells.Left(round)}", $"{round.Number} {round.Outcome}");
        }
        foreach (var version in status.Versions) yield return ($"version {StudyCommands.Short(version.Version)} published by round {version.Round}", null);
        if (status.Phase != "running") yield return ($"the study is {status.Phase}", null);
    }
}
