using System.CommandLine;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent data check`: whether this site's rows fit a study, before anybody asks in earnest.</summary>
internal static class DataCommands
{
    public static Command Make(SiteAction action) => new("data", "Look at this site's own data, here and only here") { Check(action) };

    private static Command Check(SiteAction action)
    {
        var study = SiteAction.Study();
        study.Arity = ArgumentArity.ZeroOrOne;
        var file = new Option<string?>("--manifest") { Description = "Check against this manifest file instead of a study of the ledger", HelpName = "FILE" };
        var command = new Command("check", "Check whether this site's data fit a study's dataset contract. Nothing leaves the site") { study, file };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            if (parsed.GetValue(study) is { } name && parsed.GetValue(file) is null && StudyCommands.Find(StudyCommands.Look(directory).Item2, name) is null)
                return StudyCommands.Unknown(action, name);
            if (Manifest(action, parsed.GetValue(study), parsed.GetValue(file), directory) is not { } manifest) return ExitCodes.WrongUsage;
            using var data = new SiteData(directory);
            var standing = await data.Read(manifest, cancellationToken);
            action.Shell.Out.WriteLine(Sentence(standing));
            return standing is DataStanding.Ready ? ExitCodes.Done : ExitCodes.Refused;
        }));
        return command;
    }

    internal static string Sentence(DataStanding standing) => standing switch
    {
        DataStanding.Ready { Reading.Summary: var s } =>
            $"The data fit: {s.TrainRows} training {Things(s)}, {s.TestRows} test {Things(s)}, {s.DroppedRows} dropped{(s.PositiveShare is { } p ? $", {p:P1} of the training rows positive" : "")}. Source {s.Source.Short}.",
        DataStanding.Missing missing => missing.Sentence,
        DataStanding.Unfit unfit     => "The data do not fit:" + string.Concat(unfit.Faults.Select(f => $"{Environment.NewLine}  {f.Sentence}")),
        _                            => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    private static string Things(DatasetSummary summary) => summary.Image is { } image ? $"images of {image.Height}×{image.Width}{(image.Channels > 1 ? $"×{image.Channels}" : "")}" : "rows";

    private static StudyManifest? Manifest(SiteAction action, string? study, string? file, SiteDirectory directory)
    {
        if (file is null && study is not null) return StudyCommands.Find(StudyCommands.Look(directory).Item2, study)?.Manifest;
        if (file is null || study is not null)
        {
            action.Shell.Say(ExitCodes.WrongUsage, "Name a study, or a manifest file with --manifest FILE.");
            return null;
        }
        switch (YamlDocument.Read(File.ReadAllText(action.Shell.PathOf(file))))
        {
            case DocumentReading.Malformed broken:
                action.Shell.Say(ExitCodes.WrongUsage, $"'{file}': {broken}");
                return null;
            case DocumentReading.Read read when ManifestReader.Read(read.Root) is ManifestReading.Read manifest:
                return manifest.Manifest;
            case DocumentReading.Read read:
                foreach (var fault in ((ManifestReading.Faulty)ManifestReader.Read(read.Root)).Faults) action.Shell.Say(ExitCodes.WrongUsage, $"'{file}': {fault}");
                return null;
            default:
                throw new InvalidOperationException("unreachable: the family is closed");
        }
    }
}
