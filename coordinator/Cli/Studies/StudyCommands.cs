using System.CommandLine;
using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>`dsfed study submit|list|status|stop`.</summary>
internal static class StudyCommands
{
    public static Command Make(OperatorAction action) =>
        new("study", "The federation's studies") { SubmitCommand.Make(action), List(action), StatusCommand.Make(action), Stop(action) };

    private static Command List(OperatorAction action)
    {
        var json = Json.Option();
        var command = new Command("list", "List all studies") { json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var reply = await session.Operators.ListStudiesAsync(new ListStudiesRequest(), cancellationToken: cancellationToken);
            if (parsed.GetValue(json)) session.Shell.Out.WriteLine(Json.Line(reply));
            else session.Shell.Screen.Write(Table(reply));
            return ExitCodes.Done;
        }));
        return command;
    }

    internal static Table Table(ListStudiesReply reply)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("study", "title", "phase", "rounds", "protection", "strategy", "newest version");
        foreach (var study in reply.Studies)
        {
            table.AddRow(
                Markup.Escape(study.Study), Markup.Escape(study.Title), Markup.Escape(study.Phase),
                $"{study.Rounds.Count(r => r.Kind == "training" && r.Outcome == "revealed")}/{study.RoundsPlanned}",
                Markup.Escape(study.Protection), Markup.Escape(study.Strategy), study.Versions.Count == 0 ? "" : Short(study.Versions[^1].Version));
        }
        return table;
    }

    internal static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;

    private static Command Stop(OperatorAction action)
    {
        var study = SlugArgument.Make("STUDY", "The study to end");
        var command = new Command("stop", "End a study before its time; its versions stay") { study };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            await session.Operators.StopStudyAsync(new StudyRequest { Study = parsed.GetValue(study)! }, cancellationToken: cancellationToken);
            session.Shell.Out.WriteLine($"The study '{parsed.GetValue(study)}' is stopped.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
