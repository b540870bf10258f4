using System.CommandLine;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent ledger show|accept-recovery`: the history this site has verified, and the one act that lets it go back.</summary>
internal static class LedgerCommands
{
    public static Command Make(SiteAction action) => new("ledger", "The federation's history as this site has verified it") { Show(action), AcceptRecovery(action) };

    private static Command Show(SiteAction action)
    {
        var command = new Command("show", "Show the last verified checkpoint and what is known from it");
        command.SetAction(action.Do((_, directory) =>
        {
            var (settings, book) = StudyCommands.Look(directory);
            var bookmark = book.Bookmark;
            action.Shell.Out.WriteLine($"federation {settings.Federation}, key {settings.LedgerKey}");
            action.Shell.Out.WriteLine($"{bookmark.Size} leaves verified, root {bookmark.Root}");
            if (bookmark.Note.Length > 0) action.Shell.Out.WriteLine($"last checkpoint, as the coordinator signed it:{Environment.NewLine}{bookmark.Note}");
            foreach (var (stream, next) in book.Streams.OrderBy(s => s.Key, StringComparer.Ordinal)) action.Shell.Out.WriteLine($"{stream}: {next} leaves");
            foreach (var (study, state) in book.Studies) action.Shell.Out.WriteLine($"study {study}: {Words.Of(state.Phase)}, {state.Versions.Count} versions, newest {(state.Versions.IsEmpty ? "none" : state.Versions[^1].Version)}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command AcceptRecovery(SiteAction action)
    {
        var yes = new Option<bool>("--yes") { Description = "Accept without the question" };
        var command = new Command("accept-recovery", "Accept that the coordinator was restored from a backup and lost the newest leaves. Ask its operators first") { yes };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            SiteSettings.Load(directory);
            using var held = SiteLock.Take(directory);
            using var recovery = new Recovery(directory, action.Shell.Clock);
            var found = await recovery.Examine(cancellationToken);
            action.Shell.Out.WriteLine(found.Sentence);
            if (found is RecoveryFinding.NotNeeded) return ExitCodes.Done;
            if (found is not RecoveryFinding.Lost lost) return ExitCodes.Refused;
            if (!parsed.GetValue(yes))
            {
                action.Shell.Error.Write("Accept that these leaves are lost? Type yes: ");
                if (await Console.In.ReadLineAsync(cancellationToken) != "yes") return action.Shell.Say(ExitCodes.Refused, "Nothing was changed.");
            }
            recovery.Accept(lost);
            return action.Shell.Say(ExitCodes.Done, "Accepted. The journals from before are kept with the ending .lost. Start the agent: agent run");
        }));
        return command;
    }
}
