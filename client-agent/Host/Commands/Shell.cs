using Spectre.Console;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>Where a command reads the time and writes: the answer to <see cref="Out"/>, everything about it to <see cref="Error"/>.</summary>
internal sealed record Shell(IAnsiConsole Screen, TextWriter Out, TextWriter Error, TimeProvider Clock, string WorkingDirectory, Func<string, string?> Environment)
{
    private const int WidthOfAFile = 160;

    public static Shell Standard()
    {
        var plain = Console.IsOutputRedirected || System.Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (Console.IsOutputRedirected) screen.Profile.Width = WidthOfAFile;
        return new Shell(screen, Console.Out, Console.Error, TimeProvider.System, Directory.GetCurrentDirectory(), System.Environment.GetEnvironmentVariable);
    }

    /// <summary>Tells people something, and gives the exit code on.</summary>
    public int Say(int code, string sentence)
    {
        Error.WriteLine(sentence);
        return code;
    }

    public string PathOf(string path) => Path.GetFullPath(path, WorkingDirectory);
}
