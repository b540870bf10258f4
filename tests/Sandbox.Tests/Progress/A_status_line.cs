using DeepSeek.Federated.Sandbox.Progress;
using Spectre.Console;

namespace DeepSeek.Federated.Sandbox.Tests.Progress;

public sealed class A_status_line
{
    internal const string Line = """
        {"study":"heart-disease","title":"T","phase":"completed","protection":"clear","strategy":"fedavg","roundsPlanned":1,"manifestDigest":"aa",
        "answers":[{"site":"north","answer":"approved"}],
        "rounds":[{"number":1,"kind":"training","outcome":"revealed","why":"","invited":["north","south"],"consented":["north"],"reported":["north"],"used":["north"],
        "refused":[{"site":"south","reason":"data-unfit"}],"dropped":[],"late":[],"openedUnixMs":"1000","endedUnixMs":"2500","deadlineUnixMs":"0","counts":{},"figures":[],"baseVersion":"aa"},
        {"number":2,"kind":"evaluation","outcome":"revealed","why":"","invited":["north"],"consented":["north"],"reported":["north"],"used":["north"],
        "refused":[],"dropped":[],"late":[],"openedUnixMs":"3000","endedUnixMs":"3500","deadlineUnixMs":"0","counts":{"test.rows":"10","test.correct":"8"},
        "figures":[{"site":"north","figure":"accuracy","value":"0.8"}],"baseVersion":"bb"}],
        "versions":[{"round":0,"version":"aaaaaaaaaaaa","content":"c0","parent":"","snapshot":"s","snapshotBytes":"10","delta":"","deltaBytes":"0"},
        {"round":1,"version":"bbbbbbbbbbbb","content":"c1","parent":"aaaaaaaaaaaa","snapshot":"s","snapshotBytes":"10","delta":"d","deltaBytes":"5"}],
        "ledgerSize":"42","waitingFor":""}
        """;

    [Fact]
    public void is_read_with_its_64_bit_numbers()
    {
        var study = StudyView.Parse(Line);
        Assert.True(study.Ended);
        Assert.Equal((42L, 1.5, 8L, 0.8), (study.LedgerSize, study.Rounds[0].Seconds, study.Rounds[1].Counts["test.correct"], study.Rounds[1].Figures[0].Value));
    }

    [Fact]
    public void that_is_broken_is_a_fault() => Assert.Throws<SandboxFault>(() => StudyView.Parse("""{"study":"""));

    [Fact]
    public void of_an_agent_moves_its_row_and_anything_else_changes_nothing()
    {
        var at = SiteProgress.Starting.After("""{"at":"x","kind":"training","study":"heart-disease","round":2,"step":30,"steps":100,"loss":0.5}""");
        Assert.Equal(new SiteProgress("training", 2, 30, 100, 0.5), at);
        Assert.Equal(at, at.After("agent north is connected"));
        Assert.Equal(at, at.After("{broken"));
        Assert.Equal(0, at.After("""{"kind":"consented","round":3}""").Step);
    }

    [Fact]
    public void is_drawn_with_a_row_a_site_and_a_bar_a_round()
    {
        var board = new Board(["north", "south"]);
        board.Take(StudyView.Parse(Line));
        board.Take("north", """{"kind":"training","round":1,"step":50,"steps":100,"loss":0.25}""");
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 160;
        console.Write(board.Draw());
        Assert.All(["north", "south", "training", "50/100", "0.2500", "1/2", "1.5 s", "█"], part => Assert.Contains(part, text.ToString(), StringComparison.Ordinal));
    }
}
