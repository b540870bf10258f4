using System.CommandLine;
using DeepSeek.Federated.Cli.Connection;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Core;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>`dsfed study status NAME`: now, or as it goes on (`--watch`) until the study ends.</summary>
internal static class StatusCommand
{
    public static Command Make(OperatorAction action)
    {
        var study = SlugArgument.Make("STUDY", "The study");
        var watch = new Option<bool>("--watch") { Description = "Go on until the study ends" };
        var json = Json.Option();
        var command = new Command("status", "Show sites, rounds and versions of a study") { study, watch, json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var request = new StudyRequest { Study = parsed.GetValue(study)! };
            if (parsed.GetValue(watch)) return await Watch(session, request, parsed.GetValue(json), cancellationToken);
            var status = await session.Operators.GetStudyAsync(request, cancellationToken: cancellationToken);
            if (parsed.GetValue(json)) session.Shell.Out.WriteLine(Json.Line(status));
            else session.Shell.Screen.Write(StudyScreen.Draw(status));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static async Task<int> Watch(Session session, StudyRequest request, bool json, CancellationToken cancellationToken)
    {
        using var call = session.Operators.WatchStudy(request, cancellationToken: cancellationToken);
        var updates = call.ResponseStream;
        StudyStatus? last = null;
        if (json)
        {
            await foreach (var status in updates.ReadAllAsync(cancellationToken))
            {
                session.Shell.Out.WriteLine(Json.Line(last = status));
                session.Shell.Out.Flush();
            }
        }
        else if (session.Shell.Screen.Profile.Capabilities.Interactive)
        {
            await session.Shell.Screen.Live(new Text("waiting for the coordinator")).StartAsync(async live =>
            {
                await foreach (var status in updates.ReadAllAsync(cancellationToken)) live.UpdateTarget(StudyScreen.Draw(last = status));
            });
        }
        else
        {
            var lines = new StudyLines();
            await foreach (var status in updates.ReadAllAsync(cancellationToken))
            {
                foreach (var line in lines.News(last = status)) session.Shell.Out.WriteLine(line);
            }
        }
        return last?.Phase == "stopped" ? ExitCodes.Refused : ExitCodes.Done;
    }
}
