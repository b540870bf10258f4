using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>A study on one screen: a row a site, a bar a round, the newest versions.</summary>
internal static class StudyScreen
{
    private const int NewestRounds = 12, NewestVersions = 5;

    public static IRenderable Draw(StudyStatus status, bool unicode = true)
    {
        var warning = status.Protection == "clear" ? " [yellow](the coordinator can read single updates)[/]" : "";
        var rows = new List<IRenderable>
        {
            new Markup($"[bold]{Markup.Escape(status.Study)}[/] {Markup.Escape(status.Title)}: {Markup.Escape(status.Phase)}; "
                + $"strategy {Markup.Escape(status.Strategy)}; protection {Markup.Escape(status.Protection)}{warning}"),
            Sites(status),
            Rounds(status, unicode),
        };
        if (status.Versions.Count > 0) rows.Add(Versions(status));
        if (status.WaitingFor.Length > 0) rows.Add(new Text(status.WaitingFor));
        return new Rows(rows);
    }

    private static Table Sites(StudyStatus status)
    {
        var figures = status.Rounds.LastOrDefault(r => r.Figures.Count > 0)?.Figures;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("site", "answer", "this round", "figures it discloses");
        foreach (var answer in status.Answers)
        {
            var disclosed = figures?.Where(f => f.Site == answer.Site).Select(f => $"{f.Figure} {f.Value}") ?? [];
            table.AddRow(
                Markup.Escape(answer.Site), Markup.Escape(answer.Answer),
                Markup.Escape(status.Rounds.Count == 0 ? "" : RoundCells.StateOf(status.Rounds[^1], answer.Site)), Markup.Escape(string.Join(", ", disclosed)));
        }
        return table;
    }

    private static Table Rounds(StudyStatus status, bool unicode)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("round", "kind", "updates", "outcome", "seconds", "left out");
        foreach (var round in status.Rounds.Skip(Math.Max(0, status.Rounds.Count - NewestRounds)))
        {
            table.AddRow(
                $"{round.Number}", Markup.Escape(round.Kind), $"{RoundCells.Bar(round, unicode)} {Math.Max(round.Reported.Count, round.Used.Count)}/{round.Invited.Count}",
                Markup.Escape(round.Why.Length > 0 ? $"{round.Outcome}: {round.Why}" : round.Outcome),
                round.EndedUnixMs == 0 ? "" : $"{RoundCells.Seconds(round):0.0}", Markup.Escape(RoundCells.Left(round).TrimStart(';', ' ')));
        }
        return table.Caption(status.Rounds.Count > NewestRounds ? $"the newest {NewestRounds} of {status.Rounds.Count} rounds; {status.RoundsPlanned} training rounds planned" : $"{status.RoundsPlanned} training rounds planned");
    }

    private static Markup Versions(StudyStatus status) => new(
        "versions: " + (status.Versions.Count > NewestVersions ? "... → " : "")
        + string.Join(" → ", status.Versions.TakeLast(NewestVersions).Select(v => $"{Markup.Escape(StudyCommands.Short(v.Version))} (round {v.Round})")));
}
