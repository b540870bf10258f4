using DeepSeek.Federated.Sandbox.Progress;
using Spectre.Console;

namespace DeepSeek.Federated.Sandbox.Report;

/// <summary>The tables that end a run.</summary>
internal static class Tables
{
    public static void Show(IAnsiConsole console, Outcome outcome)
    {
        console.WriteLine();
        console.WriteLine($"Test accuracy, study '{outcome.Study.Study}', {(outcome.Synthetic ? "synthetic data" : "real data")}, strategy {outcome.Study.Strategy}");
        console.Write(Accuracy(outcome));
        console.WriteLine("'before', 'alone' and 'pooled' were computed inside the sandbox process only; in a real federation nobody could.");
        foreach (var line in Verdict.Of(outcome.Scores, outcome.Rows)) console.WriteLine($"- {line}");
        console.WriteLine();
        console.WriteLine($"sites asked: {string.Join(", ", outcome.Study.Answers.Select(a => a.Site))}");
        console.Write(Rounds(outcome.Study));
        console.WriteLine($"versions: {string.Join(" → ", outcome.Study.Versions.Select(v => v.Version[..8]))}");
        console.WriteLine(
            $"ledger: {outcome.Ledger.Size} leaves, root {outcome.Ledger.RootHash ?? "unknown"}, {(outcome.Ledger.Verified ? "verified" : "NOT VERIFIED")}");
        foreach (var fault in outcome.Ledger.Faults) console.WriteLine($"  {fault}");
        console.WriteLine(Protection(outcome.Study.Protection));
        console.WriteLine($"coordinator: {Used(outcome.Coordinator)}");
        foreach (var (site, agent) in outcome.Agents) console.WriteLine($"agent of {site}: {Used(agent)}");
        console.WriteLine($"the whole took {outcome.WallSeconds:0.0} s");
    }

    private static Table Accuracy(Outcome outcome)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("site", "test rows", "before", "federated", "alone", "alone, on all sites' rows", "pooled");
        foreach (var s in outcome.Scores.Sites)
            table.AddRow(Markup.Escape(s.Site), $"{s.Rows}", $"{s.Before:0.000}", s.Federated is { } f ? $"{f:0.000}" : "not disclosed", $"{s.Alone:0.000}", $"{s.Everywhere:0.000}", $"{s.Pooled:0.000}");
        var all = outcome.Scores.Pooled;
        table.AddRow("all together", $"{all.Rows}", $"{all.Before:0.000}", all.Federated is { } sum ? $"{sum:0.000}" : "no evaluation", $"{all.Alone:0.000}", "", $"{all.Pooled:0.000}");
        return table;
    }

    private static Table Rounds(StudyView study)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("round", "kind", "outcome", "invited", "refused", "dropped", "late", "used", "seconds");
        foreach (var r in study.Rounds)
        {
            table.AddRow(
                $"{r.Number}", Markup.Escape(r.Kind), Markup.Escape(r.Why.Length > 0 ? $"{r.Outcome}: {r.Why}" : r.Outcome), Who(r.Invited, study.Answers.Select(a => a.Site)),
                Names(r.Refused.Select(x => $"{x.Site} ({x.Reason})")), Names(r.Dropped), Names(r.Late), Who(r.Used, r.Invited), $"{r.Seconds:0.0}");
        }
        return table;
    }

    private static string Who(IReadOnlyList<string> sites, IEnumerable<string> all) => sites.Count > 0 && sites.ToHashSet().SetEquals(all) ? "all" : Names(sites);

    private static string Used(ProcessView process) =>
        $"{process.CpuSeconds:0.0} s of CPU, {(process.PeakRssBytes > 0 ? $"{process.PeakRssBytes / 1048576.0:0} MB" : "an unknown amount of memory")} at its peak";

    private static string Names(IEnumerable<string> names) => Markup.Escape(string.Join(", ", names) is { Length: > 0 } text ? text : "none");

    private static string Protection(string protection) => protection == "clear"
        ? "protection: clear: the coordinator could read single updates of every site."
        : $"protection: {protection}";
}
