using System.CommandLine;
using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>`dsfed ledger erase LEAF`: what stands beside a leaf goes, the leaf stays, and the ledger says who had it erased and why.</summary>
internal static class EraseCommand
{
    public static Command Make(OperatorAction action)
    {
        var leaf = new Argument<long>("LEAF") { Description = "The leaf's number, as `dsfed ledger show` prints it" };
        leaf.Validators.Add(found =>
        {
            if (long.TryParse(found.Tokens[0].Value, out var number) && number < 0) found.AddError("LEAF is a number from 0.");
        });
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the ledger for good, so say nothing in it that is to be erased", HelpName = "TEXT", Required = true };
        var command = new Command("erase", "Erase a leaf's private part, such as the sentence behind a refusal; backups taken before still hold it") { leaf, reason };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var reply = await session.Operators.ErasePrivatePartAsync(
                new ErasePrivatePartRequest { Leaf = parsed.GetValue(leaf), Reason = parsed.GetValue(reason)! }, cancellationToken: cancellationToken);
            session.Shell.Out.WriteLine(reply.AlreadyErased
                ? $"The private part of leaf {parsed.GetValue(leaf)} was erased before."
                : $"The private part of leaf {parsed.GetValue(leaf)} is erased. Backups taken before still hold it: delete those as well.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
