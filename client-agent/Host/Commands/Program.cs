using System.CommandLine;
using System.CommandLine.Invocation;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent`: what a site runs, and what its steward decides and sees.</summary>
internal static class Program
{
    // A training step under way is abandoned, not waited for; this is for the disk and the network to come to rest.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(20);

    public static Task<int> Main(string[] arguments) => Run(arguments, Shell.Standard(), CancellationToken.None);

    internal static async Task<int> Run(string[] arguments, Shell shell, CancellationToken cancellationToken)
    {
        var parsed = Root(shell).Parse(arguments);
        var configuration = new InvocationConfiguration
        {
            Output = shell.Out, Error = shell.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop,
        };
        var code = await parsed.InvokeAsync(configuration, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCodes.WrongUsage : code;
    }

    internal static RootCommand Root(Shell shell)
    {
        var action = new SiteAction(shell);
        return new RootCommand("A site's agent. Exit codes: 0 done, 1 refused or not verified, 2 wrong usage or bad input, 3 coordinator unreachable.")
        {
            action.Directory,
            EnrollCommand.Make(action),
            RunCommand.Make(action),
            StopCommand.Make(action),
            StatusCommand.Make(action),
            StudyCommands.Make(action),
            PolicyCommands.Make(action),
            DataCommands.Make(action),
            RosterCommands.Make(action),
            EgressCommands.Make(action),
            LedgerCommands.Make(action),
            ModelCommands.Make(action),
        };
    }
}
