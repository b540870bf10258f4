using System.CommandLine;
using DeepSeek.Federated.Cli.Connection;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>`dsfed ledger verify`: from the coordinator or from a saved file, always under a key that was pinned before.</summary>
internal static class VerifyCommand
{
    public static Command Make(OperatorAction action)
    {
        var file = new Option<string?>("--from-file") { Description = "Verify a file that `dsfed ledger save` wrote; no coordinator is asked", HelpName = "FILE" };
        var key = new Option<string?>("--key") { Description = "The ledger key to trust [default: the profile's]", HelpName = "ed25519:..." };
        key.Validators.Add(found =>
        {
            if (!PublicKey.TryParse(found.Tokens[0].Value, out _)) found.AddError("--key takes 'ed25519:' followed by 43 characters of base64url.");
        });
        var json = Json.Option();
        var command = new Command("verify", "Read the whole ledger and check everything that can be checked from outside") { file, key, json };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(file) is { } saved
            ? action.Local(async (_, token) =>
            {
                var trusted = parsed.GetValue(key) is { } given ? PublicKey.Parse(given) : OperatorProfile.Read(action.FolderOf(parsed)).LedgerKey;
                return await Verify(action.Shell, new LedgerSource.Saved(action.Shell.PathOf(saved)), trusted, parsed.GetValue(json), token);
            })(parsed, cancellationToken)
            : action.Connected(async (_, session, token) =>
            {
                var trusted = parsed.GetValue(key) is { } given ? PublicKey.Parse(given) : session.Link.Profile.LedgerKey;
                return await Verify(action.Shell, new LedgerSource.Remote(session), trusted, parsed.GetValue(json), token);
            })(parsed, cancellationToken));
        return command;
    }

    private static async Task<int> Verify(Shell shell, LedgerSource source, PublicKey trusted, bool json, CancellationToken cancellationToken)
    {
        var findings = await new LedgerAudit(trusted).Run(source, cancellationToken);
        if (json) shell.Out.WriteLine(findings.ToJson());
        else
            foreach (var line in findings.Lines()) shell.Out.WriteLine(line);
        return findings.Verified ? ExitCodes.Done : ExitCodes.Refused;
    }
}
