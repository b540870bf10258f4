using System.CommandLine;
using DeepSeek.Federated.Cli.Weights;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>`dsfed study submit FILE`: checked here in full, so that every fault is told at once; the coordinator checks again.</summary>
internal static class SubmitCommand
{
    public static Command Make(OperatorAction action)
    {
        var file = new Argument<string>("FILE") { Description = "The manifest (YAML)" };
        var check = new Option<bool>("--check") { Description = "Only check the file; nothing is sent and no coordinator is asked" };
        var weights = new Option<string?>("--weights") { Description = "The safetensors file that the manifest's initialWeights names; it is uploaded first", HelpName = "FILE" };
        var json = Json.Option();
        var command = new Command("submit", "Check a study manifest and submit it") { file, check, weights, json };
        command.SetAction((parsed, cancellationToken) => action.Local(async (_, hashing) =>
        {
            var reading = Read(action.Shell.PathOf(parsed.GetValue(file)!));
            if (reading is not ManifestReading.Read(var manifest)) return Report(action.Shell, parsed.GetValue(file)!, (ManifestReading.Faulty)reading);
            var start = parsed.GetValue(weights) is { } named ? await InitialWeightsFile.Read(action.Shell.PathOf(named), hashing) : null;
            if (start?.Objection(manifest) is { } objection) return action.Shell.Say(ExitCodes.WrongUsage, objection);
            if (parsed.GetValue(check))
                return action.Shell.Say(ExitCodes.Done, $"The manifest of '{manifest.Name}' is lawful; its digest is {manifest.Digest}.");
            return await action.Connected((_, session, token) => Submit(session, manifest, start, parsed.GetValue(json), token))(parsed, cancellationToken);
        })(parsed, cancellationToken));
        return command;
    }

    private static ManifestReading Read(string path)
    {
        using var stream = File.OpenRead(path);
        return YamlDocument.Read(stream) switch
        {
            DocumentReading.Read read     => ManifestReader.Read(read.Root),
            DocumentReading.Malformed bad => new ManifestReading.Faulty([bad.ToString()]),
            var other                     => throw new InvalidOperationException($"Unknown reading {other.GetType().Name}."),
        };
    }

    private static int Report(Shell shell, string file, ManifestReading.Faulty faulty)
    {
        shell.Error.WriteLine(faulty.Faults.Length == 1 ? $"{file} has a fault:" : $"{file} has {faulty.Faults.Length} faults:");
        foreach (var fault in faulty.Faults) shell.Error.WriteLine($"  {fault}");
        return ExitCodes.WrongUsage;
    }

    private static async Task<int> Submit(Connection.Session session, StudyManifest manifest, InitialWeightsFile? start, bool json, CancellationToken cancellationToken)
    {
        try
        {
            if (start is not null) await start.Upload(session, cancellationToken);
        }
        catch (UploadRefusedException refused)
        {
            return session.Shell.Say(ExitCodes.Refused, refused.Message);
        }
        var reply = await session.Operators.SubmitStudyAsync(
            new SubmitStudyRequest { Manifest = ByteString.CopyFrom(manifest.Canonical.AsSpan()) }, cancellationToken: cancellationToken);
        if (reply.ManifestDigest != manifest.Digest.ToString())
            return session.Shell.Say(ExitCodes.Refused, "The coordinator recorded another manifest than the one that was sent. Read `dsfed ledger show` and ask its admin.");
        if (json) session.Shell.Out.WriteLine(Json.Line(reply));
        else
            session.Shell.Out.WriteLine(
                $"The study '{reply.Study}' {(reply.AlreadyThere ? "is there already, with this very manifest" : "is submitted")} ({reply.ManifestDigest[..12]}). "
                + $"Its sites decide now: dsfed study status {reply.Study} --watch");
        return ExitCodes.Done;
    }
}
