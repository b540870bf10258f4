using System.CommandLine;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Parameters.Versions;
using Microsoft.Extensions.Logging.Abstractions;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent model get|predict`: the model that this site helped to train, used at this site.</summary>
internal static class ModelCommands
{
    private const int MostBreaks = 5;   // a person waits: the running agent tries for as long as it takes, a command does not

    public static Command Make(SiteAction action) => new("model", "Use the study's model here") { Get(action), PredictCommand.Make(action) };

    private static Command Get(SiteAction action)
    {
        var (study, round) = (SiteAction.Study(), Round());
        var file = new Option<string>("--out") { Description = "The safetensors file to write", HelpName = "FILE", Required = true };
        var command = new Command("get", "Write a version as a safetensors file that other frameworks open") { study, round, file };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            var (state, version, content) = await Version(action, directory, parsed.GetValue(study)!, parsed.GetValue(round), cancellationToken);
            if (content is null) return ExitCodes.Refused;
            var path = action.Shell.PathOf(parsed.GetValue(file)!);
            DurableFile.Write(path, to => Safetensors.Write(to, content, state!.Manifest!.Name, version!.Version));
            action.Shell.Out.WriteLine(path);
            return action.Shell.Say(ExitCodes.Done, $"Version {version!.Version} of round {version.Round}, content {version.Content}.");
        }));
        return command;
    }

    internal static Option<int?> Round() => new("--round") { Description = "The version that this round made; 0 is the initial one [default: the newest]", HelpName = "N" };

    /// <summary>A version whose bytes are what the verified ledger names: from this site's disk, or from the coordinator.</summary>
    internal static async Task<(StudyState?, VersionPublished?, VersionContent?)> Version(
        SiteAction action, SiteDirectory directory, string name, int? round, CancellationToken cancellationToken)
    {
        var (settings, book) = StudyCommands.Look(directory);
        if (StudyCommands.Find(book, name) is not { } state)
        {
            StudyCommands.Unknown(action, name);
            return default;
        }
        if ((round is null ? state.Versions.LastOrDefault() : state.Versions.Find(v => v.Round == round)) is not { } version)
        {
            action.Shell.Say(ExitCodes.Refused, $"The study '{name}' has no version of round {round}.");
            return default;
        }
        var clock = action.Shell.Clock;
        var catalog = new EventCatalog();
        using var ledger = new EgressLedger(directory.Egress, clock);
        using var desk = new EgressDesk(ledger, new PolicyFile(directory.Policy), catalog, settings.Site, clock);
        using var wires = new CertifiedWires(directory, settings, desk, clock, NullLogger.Instance);
        // A folder of its own: the running agent writes to the study's.
        var folder = Path.Combine(directory.Control, $"model-{Environment.ProcessId}");
        try
        {
            var downloader = new BlobDownloader(wires, clock, NullLogger.Instance, MostBreaks);
            var held = new BaseVersions(downloader, Path.Combine(directory.Study(state.Manifest!.Name), "versions"));
            var content = held.Find(state, version.Version)
                ?? await new BaseVersions(downloader, folder).Get(state, version.Version, cancellationToken);
            return (state, version, content);
        }
        catch (InvalidDataException unusable)
        {
            action.Shell.Say(ExitCodes.Refused, unusable.Message);
            return default;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }
}
