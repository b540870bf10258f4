using System.CommandLine;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent stop`: asks the running agent to stop and waits until it has.</summary>
internal static class StopCommand
{
    public static Command Make(SiteAction action)
    {
        var wait = new Option<string>("--wait") { Description = "How long to wait for it", HelpName = "TIME", DefaultValueFactory = _ => "60s" };
        var command = new Command("stop", "Stop the running agent. What is finished is kept; what is not is done again at the next start") { wait };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            if (!Durations.TryParse(parsed.GetValue(wait), out var most)) return action.Shell.Say(ExitCodes.WrongUsage, "--wait is a time such as 30s or 2m.");
            if (!Directory.Exists(directory.Root)) return action.Shell.Say(ExitCodes.WrongUsage, $"There is no folder '{directory.Root}'. Name the site's folder with --dir.");
            if (!SiteLock.IsHeld(directory)) return action.Shell.Say(ExitCodes.Done, "No agent runs on this folder.");
            DurableFile.Write(directory.StopRequest, "stop"u8.ToArray());
            for (var began = action.Shell.Clock.GetTimestamp(); SiteLock.IsHeld(directory);)
            {
                if (action.Shell.Clock.GetElapsedTime(began) > most)
                    return action.Shell.Say(ExitCodes.Refused, $"The agent still runs after {parsed.GetValue(wait)}. See: agent status. To end it at once, kill its process: nothing is lost by that.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), action.Shell.Clock, cancellationToken);
            }
            return action.Shell.Say(ExitCodes.Done, "The agent stopped.");
        }));
        return command;
    }
}
