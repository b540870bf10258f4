using System.CommandLine;
using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Admission;

/// <summary>`dsfed operator admit|renew|revoke`.</summary>
internal static class OperatorCommands
{
    public static Command Make(OperatorAction action) => new("operator", "Who may act for the federation") { Admit(action), RenewCommand.Make(action), Revoke(action) };

    private static Command Admit(OperatorAction action)
    {
        var name = SlugArgument.Make("NAME", "The new operator's name");
        var role = new Option<string>("--role") { Description = "admin: everything; operator: sites and studies; auditor: reads", Required = true };
        role.AcceptOnlyFromAmong("admin", "operator", "auditor");
        var folder = new Option<string?>("--out") { Description = "Folder for the new profile [default: ./NAME]", HelpName = "DIR" };
        var command = new Command("admit", "Make a profile (key and certificate) for another operator") { name, role, folder };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var who = parsed.GetValue(name)!;
            using var made = new NewProfile(session.Shell.PathOf(parsed.GetValue(folder) ?? who), who);
            var reply = await session.Operators.AdmitOperatorAsync(
                new AdmitOperatorRequest
                {
                    Operator = who,
                    Role = parsed.GetValue(role)!,
                    CertificateRequest = Google.Protobuf.ByteString.CopyFrom(made.CertificateRequest()),
                },
                cancellationToken: cancellationToken);
            made.Write(session.Link.Profile, reply.Certificate.Span);
            session.Shell.Out.WriteLine(made.Folder);
            return session.Shell.Say(
                ExitCodes.Done,
                $"'{who}' is admitted until {DateTimeOffset.FromUnixTimeSeconds(reply.NotAfterUnix):u}. The folder holds the key: hand it over by a way you trust, then delete it here.");
        }));
        return command;
    }

    private static Command Revoke(OperatorAction action)
    {
        var name = SlugArgument.Make("NAME", "The operator to put out");
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the ledger for good", HelpName = "TEXT", Required = true };
        var command = new Command("revoke", "Honour an operator's certificate no longer") { name, reason };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            await session.Operators.RevokeOperatorAsync(
                new RevokeOperatorRequest { Operator = parsed.GetValue(name)!, Reason = parsed.GetValue(reason)! }, cancellationToken: cancellationToken);
            session.Shell.Out.WriteLine($"'{parsed.GetValue(name)}' is revoked.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
