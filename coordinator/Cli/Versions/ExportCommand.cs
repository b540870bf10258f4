using System.CommandLine;
using DeepSeek.Federated.Cli.Connection;
using DeepSeek.Federated.Cli.Ledger;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Versions;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Cli.Versions;

/// <summary>
/// `dsfed version export`: the ledger is verified, it names the version and its digests, the bytes are fetched and must be those. What is
/// written is thus what the federation agreed on, whoever serves it.
/// </summary>
internal static class ExportCommand
{
    public static Command Make(OperatorAction action)
    {
        var study = SlugArgument.Make("STUDY", "The study");
        var round = new Option<int?>("--round") { Description = "The version that this round made; 0 is the initial one [default: the newest]", HelpName = "N" };
        var format = new Option<string>("--format") { Description = "File format", DefaultValueFactory = _ => "safetensors" };
        format.AcceptOnlyFromAmong("safetensors");
        var file = new Option<string>("--out") { Description = "The file to write", HelpName = "FILE", Required = true };
        var command = new Command("export", "Write a version as a file that other frameworks open") { study, round, format, file };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var name = new StudyId(parsed.GetValue(study)!);
            var audit = new LedgerAudit(session.Link.Profile.LedgerKey);
            var findings = await audit.Run(new LedgerSource.Remote(session), cancellationToken);
            if (!findings.Verified) return session.Shell.Say(ExitCodes.Refused, $"The ledger does not verify, so nothing is exported. {findings.Faults.First()}");
            if (!audit.Replay.Studies.TryGetValue(name, out var state)) return session.Shell.Say(ExitCodes.Refused, $"The ledger knows no study '{name}'.");
            if (Find(state, parsed.GetValue(round)) is not { } version)
                return session.Shell.Say(ExitCodes.Refused, $"The study '{name}' has no version of round {parsed.GetValue(round)}; its newest is of round {state.Versions[^1].Round}.");
            return await Export(session, state.Manifest!, version, session.Shell.PathOf(parsed.GetValue(file)!), cancellationToken);
        }));
        return command;
    }

    private static VersionPublished? Find(StudyState state, int? round) =>
        round is null ? state.Versions[^1] : state.Versions.Find(v => v.Round == round);

    private static async Task<int> Export(Session session, StudyManifest manifest, VersionPublished version, string path, CancellationToken cancellationToken)
    {
        using var snapshot = new MemoryStream();
        try
        {
            await BlobDownload.To(snapshot, session.Link.Http, version.Snapshot, version.SnapshotBytes, cancellationToken);
            snapshot.Position = 0;
            var content = VersionSnapshot.Read(snapshot, manifest.Model);
            if (content.Digest != version.Content) throw new InvalidDataException("The snapshot holds another content than the ledger names.");
            Write(path, content, version);
        }
        catch (InvalidDataException unfit)
        {
            return session.Shell.Say(ExitCodes.Refused, $"The version's bytes are not what the ledger says: {unfit.Message} Nothing was written.");
        }
        session.Shell.Out.WriteLine(path);
        return session.Shell.Say(ExitCodes.Done, $"Version {version.Version} of round {version.Round}, content {version.Content}.");
    }

    private static void Write(string path, VersionContent content, VersionPublished version)
    {
        var unfinished = path + ".part";
        using (var to = new FileStream(unfinished, FileMode.Create, FileAccess.Write)) Safetensors.Write(to, content, version.Study, version.Version);
        File.Move(unfinished, path, overwrite: true);
    }
}
