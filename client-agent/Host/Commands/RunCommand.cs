using System.CommandLine;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Store;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent run`: stays connected and does what ledger and policy ask, until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Make(SiteAction action)
    {
        var progress = new Option<string>("--progress") { Description = "What is written to standard output: sentences, or one JSON object a line", DefaultValueFactory = _ => "text" };
        progress.AcceptOnlyFromAmong("text", "json");
        var verbose = new Option<bool>("--verbose") { Description = "More detail in the log on standard error" };
        var command = new Command("run", "Run the agent") { progress, verbose };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            using var logs = LoggerFactory.Create(builder => builder
                .SetMinimumLevel(parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information)
                .AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.UseUtcTimestamp) = (true, "yyyy-MM-dd'T'HH:mm:ss'Z' ", true))
                .AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace));
            var feed = new ProgressFeed(action.Shell.Out, parsed.GetValue(progress) == "json", action.Shell.Clock);
            await new RunningAgent(directory, feed, logs.CreateLogger("agent"), action.Shell.Clock).Run(cancellationToken);
            return ExitCodes.Done;
        }));
        return command;
    }
}
