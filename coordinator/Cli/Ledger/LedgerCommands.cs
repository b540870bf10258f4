using System.CommandLine;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>`dsfed ledger verify|show|save|erase`.</summary>
internal static class LedgerCommands
{
    public static Command Make(OperatorAction action) =>
        new("ledger", "The federation's log") { VerifyCommand.Make(action), ShowCommand.Make(action), SaveCommand.Make(action), EraseCommand.Make(action) };
}
