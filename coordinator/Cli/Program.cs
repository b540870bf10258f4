using System.CommandLine;
using System.CommandLine.Invocation;
using DeepSeek.Federated.Cli.Federation;
using DeepSeek.Federated.Cli.Ledger;
using DeepSeek.Federated.Cli.Admission;
using DeepSeek.Federated.Cli.Sites;
using DeepSeek.Federated.Cli.Studies;
using DeepSeek.Federated.Cli.Versions;

namespace DeepSeek.Federated.Cli;

/// <summary>`dsfed`: what operators and auditors do.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => Run(arguments, Shell.Standard(), CancellationToken.None);

    internal static async Task<int> Run(string[] arguments, Shell shell, CancellationToken cancellationToken)
    {
        var parsed = Root(shell).Parse(arguments);
        var configuration = new InvocationConfiguration { Output = shell.Out, Error = shell.Error, EnableDefaultExceptionHandler = false };
        var code = await parsed.InvokeAsync(configuration, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCodes.WrongUsage : code;
    }

    private static RootCommand Root(Shell shell)
    {
        var operatorAction = new OperatorAction(shell);
        return new RootCommand("Operates and audits a federation. Exit codes: 0 done, 1 refused or not verified, 2 wrong usage or bad input, 3 coordinator unreachable.")
        {
            operatorAction.Profile,
            InviteCommand.Make(operatorAction),
            SiteCommands.Make(operatorAction),
            StudyCommands.Make(operatorAction),
            VersionCommands.Make(operatorAction),
            LedgerCommands.Make(operatorAction),
            OperatorCommands.Make(operatorAction),
            DescribeCommand.Make(operatorAction),
        };
    }
}
