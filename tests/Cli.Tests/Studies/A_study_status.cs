using DeepSeek.Federated.Cli.Studies;
using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Tests.Studies;

public sealed class A_study_status
{
    private static readonly StudyStatus Status = new()
    {
        Study = "heart-disease", Title = "Hearts [x]", Phase = "running", Protection = "clear", Strategy = "fedavg", RoundsPlanned = 3,
        WaitingFor = "Round 2 waits for south.",
        Answers = { new SiteAnswer { Site = "north", Answer = "approved" }, new SiteAnswer { Site = "south", Answer = "approved" }, new SiteAnswer { Site = "west", Answer = "too-few-rows" } },
        Rounds =
        {
            new RoundStatus
            {
                Number = 1, Kind = "training", Outcome = "revealed", Invited = { "north", "south" }, Consented = { "north" }, Reported = { "north" }, Used = { "north" },
                Refused = { new Refused { Site = "south", Reason = "data-unfit" } }, OpenedUnixMs = 1000, EndedUnixMs = 3500,
            },
            new RoundStatus { Number = 2, Kind = "training", Outcome = "collecting", Invited = { "north", "south" }, Consented = { "north", "south" }, Reported = { "north" }, OpenedUnixMs = 4000 },
        },
        Versions = { new VersionStatus { Round = 0, Version = new string('a', 64) }, new VersionStatus { Round = 1, Version = new string('b', 64), Parent = new string('a', 64) } },
    };

    [Fact]
    public void is_drawn_with_a_row_a_site_and_a_bar_a_round()
    {
        var drawn = Draw();
        Assert.All(
            ["Hearts [x]", "the coordinator can read single updates", "west", "too-few-rows", "reported", "working", "1/2", "2.5", "refused: south (data-unfit)", "Round 2 waits for south.", "aaaaaaaaaaaa"],
            text => Assert.Contains(text, drawn, StringComparison.Ordinal));
    }

    [Fact]
    public void is_said_in_plain_lines_once_each()
    {
        var lines = new StudyLines();
        var first = lines.News(Status).ToList();
        Assert.Contains("round 1: revealed after 2.5 s, 1 of 2 used; refused: south (data-unfit)", first);
        Assert.Contains("round 2: north sent its update", first);
        Assert.Empty(lines.News(Status));
        var later = Status.Clone();
        later.Rounds[1].Reported.Add("south");
        Assert.Equal(["round 2: south sent its update"], lines.News(later));
        later.Rounds[0].EndedUnixMs += 300;   // the round's end moves on until its version is published
        Assert.Empty(lines.News(later));
    }

    private static string Draw()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(StudyScreen.Draw(Status));
        return text.ToString();
    }
}
