using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeepSeek.Federated.Sandbox.Progress;

/// <summary>What is going on: a row a site, a bar a round. Written by the processes' output, drawn by the screen; thread-safe.</summary>
internal sealed class Board(IReadOnlyList<string> sites)
{
    private const int BarWidth = 24, NewestRounds = 16;
    private readonly ConcurrentDictionary<string, SiteProgress> _progress = new(sites.Select(s => KeyValuePair.Create(s, SiteProgress.Starting)));
    private volatile StudyView? _study;
    private readonly ConcurrentQueue<string> _done = new();

    public StudyView? Study => _study;

    /// <summary>What the sandbox did so far, step by step.</summary>
    public IEnumerable<string> Steps => _done;

    public void Say(string doing) => _done.Enqueue(doing);

    public void Take(StudyView study) => _study = study;

    public void Take(string site, string line) => _progress.AddOrUpdate(site, SiteProgress.Starting.After(line), (_, before) => before.After(line));

    public IRenderable Draw()
    {
        var study = _study;
        var rows = new List<IRenderable> { Sites(study) };
        if (study is { Rounds.Count: > 0 }) rows.Add(Rounds(study));
        rows.Add(new Text(study?.WaitingFor is { Length: > 0 } waiting ? waiting : _done.LastOrDefault("")));
        return new Rows(rows);
    }

    private Table Sites(StudyView? study)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("site", "study", "round", "state", "step", "loss at the site");
        foreach (var site in sites)
        {
            var at = _progress[site];
            table.AddRow(
                Markup.Escape(site), Markup.Escape(study?.Answers.FirstOrDefault(a => a.Site == site)?.Answer ?? ""), at.Round == 0 ? "" : $"{at.Round}",
                Markup.Escape(at.Kind), at.Steps == 0 ? "" : $"{Bar(at.Step, at.Steps, 10)} {at.Step}/{at.Steps}", at.Loss is { } loss ? $"{loss:0.0000}" : "");
        }
        return table;
    }

    private static Grid Rounds(StudyView study)
    {
        var grid = new Grid().AddColumns(4);
        foreach (var round in study.Rounds.TakeLast(NewestRounds))
        {
            var arrived = Math.Max(round.Reported.Count, round.Used.Count);
            grid.AddRow(
                $"round {round.Number} {(round.Kind == "evaluation" ? "evaluation" : $"of {study.RoundsPlanned}")}", Bar(arrived, round.Invited.Count, BarWidth),
                $"{arrived}/{round.Invited.Count} {Markup.Escape(round.Outcome)}", round.Ended ? $"{round.Seconds:0.0} s" : "");
        }
        return grid;
    }

    private static string Bar(int done, int all, int width)
    {
        var filled = all == 0 ? 0 : Math.Clamp(width * done / all, 0, width);
        return new string('█', filled) + new string('░', width - filled);
    }
}
