using System.Text.Json;
using DeepSeek.Federated.Sandbox.Progress;
using DeepSeek.Federated.Sandbox.Report;
using DeepSeek.Federated.Sandbox.Tests.Progress;
using Spectre.Console;

namespace DeepSeek.Federated.Sandbox.Tests.Report;

public sealed class A_report
{
    private static readonly Outcome Outcome = new(
        StudyView.Parse(A_status_line.Line), 42, Synthetic: true, "patients", 12.5,
        new Scores(
            [new SiteScores("north", 100, 0.5, 0.8, 0.7, 0.65, 0.85), new SiteScores("south", 50, 0.5, 0.6, 0.7, 0.5, 0.8), new SiteScores("west", 20, 0.5, 0.9, 0.9, 0.5, 0.9), new SiteScores("east", 10, 0.5, null, 0.9, 0.5, 0.9)],
            new PooledScores(180, 0.5, 0.75, 0.72, 0.84, 0.76)),
        new LedgerView(true, 42, new string('f', 64), []), new ProcessView(3.5, 150 * 1024 * 1024),
        new Dictionary<string, ProcessView> { ["north"] = new(2.5, 210 * 1024 * 1024), ["south"] = new(1.5, 0) });

    [Fact]
    public void for_programs_has_what_they_were_promised()
    {
        using var json = JsonDocument.Parse(OutcomeJson.Write(Outcome));
        var root = json.RootElement;
        Assert.All(
            ["study", "strategy", "protection", "seed", "wallSeconds", "rounds", "versions", "metrics", "ledger", "coordinator", "agents"],
            key => Assert.True(root.TryGetProperty(key, out _), key));
        Assert.All(
            ["number", "outcome", "invited", "used", "refused", "dropped", "late", "seconds"],
            key => Assert.True(root.GetProperty("rounds")[0].TryGetProperty(key, out _), key));
        Assert.Equal(0.75, root.GetProperty("metrics").GetProperty("pooledTestAccuracy").GetDouble());
        Assert.Equal(0.8, root.GetProperty("metrics").GetProperty("sites").GetProperty("north").GetDouble());
        Assert.Equal("aaaaaaaaaaaa", root.GetProperty("versions")[1].GetProperty("parent").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("versions")[0].GetProperty("parent").ValueKind);
        Assert.True(root.GetProperty("ledger").GetProperty("verified").GetBoolean());
        Assert.Equal(3.5, root.GetProperty("coordinator").GetProperty("cpuSeconds").GetDouble());
        Assert.Equal(210 * 1024 * 1024, root.GetProperty("agents").GetProperty("north").GetProperty("peakRssBytes").GetInt64());
    }

    [Fact]
    public void says_plainly_where_federation_helped_and_where_not()
    {
        var verdict = Verdict.Of(Outcome.Scores, "patients").ToList();
        Assert.Contains("north: federation helped", verdict[0], StringComparison.Ordinal);
        Assert.Contains("10 of 100 test patients more right", verdict[0], StringComparison.Ordinal);
        Assert.Contains("On all sites' patients its own model reaches 0.650, the federated one 0.750", verdict[0], StringComparison.Ordinal);
        Assert.Contains("did not help", verdict[1], StringComparison.Ordinal);
        Assert.Contains("made no difference", verdict[2], StringComparison.Ordinal);
        Assert.Contains("disclosed no accuracy", verdict[3], StringComparison.Ordinal);
        Assert.Contains("helped on the whole", verdict[4], StringComparison.Ordinal);
    }

    [Fact]
    public void for_people_names_the_data_the_protection_and_where_each_figure_comes_from()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        Tables.Show(console, Outcome);
        Assert.All(
            ["synthetic data", "could read single updates", "inside the sandbox process only", "verified", "south (data-unfit)", "aaaaaaaa → bbbbbbbb", "not disclosed",
                "agent of north: 2.5 s of CPU, 210 MB", "unknown amount of memory"],
            part => Assert.Contains(part, text.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void for_people_names_who_was_invited_and_used_and_says_all_where_it_was_all()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        Tables.Show(console, Outcome with { Study = Outcome.Study with { Answers = [new("north", "approved"), new("south", "approved")] } });
        Assert.Contains("sites asked: north, south", text.ToString(), StringComparison.Ordinal);
        var rounds = text.ToString().Split('\n').Select(l => l.Split('│', StringSplitOptions.TrimEntries)).Where(c => c.Length > 9 && c[3] == "revealed").ToList();
        Assert.Equal(["all", "south (data-unfit)", "north"], new[] { rounds[0][4], rounds[0][5], rounds[0][8] });   // both were invited, one was used
        Assert.Equal(["north", "none", "all"], new[] { rounds[1][4], rounds[1][5], rounds[1][8] });                 // one was invited, and used
    }
}
