using Spectre.Console;

namespace DeepSeek.Federated.Cli;

/// <summary>Where a command reads the time and writes: the answer to <see cref="Out"/>, everything about it to <see cref="Error"/>.</summary>
internal sealed record Shell(IAnsiConsole Screen, TextWriter Out, TextWriter Error, TimeProvider Clock, string WorkingDirectory, Func<string, string?> Environment)
{
    private const int WidthOfAFile = 160;

    /// <summary>Standard output and error. Colours only on a terminal, and never where NO_COLOR is set.</summary>
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
        return new Shell(
            screen, Console.Out, Console.Error, TimeProvider.System, Directory.GetCurrentDirectory(), System.Environment.GetEnvironmentVariable);
    }

    /// <summary>Tells people something, and gives the exit code on.</summary>
    public int Say(int code, string sentence)
    {
        Error.WriteLine(sentence);
        return code;
    }

    /// <summary>A path as the caller means it.</summary>
    public string PathOf(string path) => Path.GetFullPath(path, WorkingDirectory);
}
