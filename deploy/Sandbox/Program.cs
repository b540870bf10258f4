using System.CommandLine;
using System.CommandLine.Invocation;
using DeepSeek.Federated.Sandbox.Setup;
using Spectre.Console;

namespace DeepSeek.Federated.Sandbox;

/// <summary>`sandbox`: a whole federation on one machine.</summary>
internal static class Program
{
    private const int WrongUsage = 2;

    public static async Task<int> Main(string[] arguments)
    {
        var parsed = SandboxOptions.Command((options, cancellationToken) => SandboxRun.Run(options, Place.Temporary, ScreenOf(), TimeProvider.System, cancellationToken)).Parse(arguments);
        // Long enough to end all processes after Ctrl-C.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return parsed.Action is ParseErrorAction ? WrongUsage : code;
    }

    private static IAnsiConsole ScreenOf()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            ColorSystem = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (Console.IsOutputRedirected) console.Profile.Width = 160;
        return console;
    }
}
