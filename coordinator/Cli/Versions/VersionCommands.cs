using System.CommandLine;
using DeepSeek.Federated.Cli.Studies;
using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Versions;

/// <summary>`dsfed version list|export`.</summary>
internal static class VersionCommands
{
    public static Command Make(OperatorAction action) => new("version", "The model line of a study") { List(action), ExportCommand.Make(action) };

    private static Command List(OperatorAction action)
    {
        var study = SlugArgument.Make("STUDY", "The study");
        var json = Json.Option();
        var command = new Command("list", "List a study's versions, oldest first") { study, json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var status = await session.Operators.GetStudyAsync(new StudyRequest { Study = parsed.GetValue(study)! }, cancellationToken: cancellationToken);
            if (parsed.GetValue(json))
                foreach (var version in status.Versions) session.Shell.Out.WriteLine(Json.Line(version));
            else session.Shell.Screen.Write(Table(status));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Table Table(StudyStatus status)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("round", "version", "parent", "content", "snapshot bytes", "delta bytes");
        foreach (var v in status.Versions)
            table.AddRow($"{v.Round}", v.Version, StudyCommands.Short(v.Parent), StudyCommands.Short(v.Content), $"{v.SnapshotBytes}", v.Delta.Length > 0 ? $"{v.DeltaBytes}" : "");
        return table;
    }
}
