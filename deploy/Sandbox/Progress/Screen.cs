using Spectre.Console;

namespace DeepSeek.Federated.Sandbox.Progress;

/// <summary>Shows a board while something runs: live on a terminal, as plain lines where the output goes elsewhere.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(150);
    private readonly HashSet<string> _said = [];

    public IAnsiConsole Console => console;

    public bool Live => console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi;

    public async Task While(Board board, Task running, CancellationToken cancellationToken)
    {
        if (!Live)
        {
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(Frame, TimeProvider.System, cancellationToken));
                SayNews(board);
            }
            SayNews(board);
        }
        else
        {
            await console.Live(board.Draw()).AutoClear(false).StartAsync(async live =>
            {
                while (!running.IsCompleted)
                {
                    live.UpdateTarget(board.Draw());
                    await Task.WhenAny(running, Task.Delay(Frame, TimeProvider.System, cancellationToken));
                }
                live.UpdateTarget(board.Draw());
            });
        }
        await running;
    }

    private void SayNews(Board board)
    {
        foreach (var (about, line) in News(board))
        {
            if (_said.Add(about)) console.WriteLine(line);
        }
    }

    private static IEnumerable<(string About, string Line)> News(Board board)
    {
        foreach (var step in board.Steps) yield return (step, step);
        if (board.Study is not { } study) yield break;
        foreach (var answer in study.Answers.Where(a => a.Answer is not ("none" or ""))) yield return ($"{answer.Site}: {answer.Answer}", $"{answer.Site}: {answer.Answer}");
        foreach (var round in study.Rounds.Where(r => r.Ended))
            yield return ($"round {round.Number}", $"round {round.Number} ({round.Kind}): {round.Outcome}{(round.Why.Length > 0 ? $" ({round.Why})" : "")}, "
                + $"{round.Used.Count} of {round.Invited.Count} used, {round.Seconds:0.0} s");
    }
}
