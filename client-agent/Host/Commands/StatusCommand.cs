using System.CommandLine;
using System.Text.Json;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Agent.Session;
using Spectre.Console;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent status`: what the site is and what its agent does.</summary>
internal static class StatusCommand
{
    public static Command Make(SiteAction action)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("status", "Show what this site is and what its agent does") { json };
        command.SetAction(action.Do((parsed, directory) =>
        {
            var settings = SiteSettings.Load(directory);
            var running = SiteLock.IsHeld(directory);
            var status = File.Exists(directory.Status) ? StrictJson.Read<RunStatus>(directory.Status, "It is written anew when the agent runs.") : null;
            var policy = new PolicyFile(directory.Policy).Read();
            var bookmark = LedgerBook.ReadBookmark(directory);
            using var certificate = ConnectionCertificate.Load(directory);
            if (parsed.GetValue(json))
            {
                action.Shell.Out.WriteLine(JsonSerializer.Serialize(new
                {
                    site = settings.Site.Value, url = settings.Url, federation = settings.Federation, running, connection = running ? status?.Connection : "the agent does not run",
                    studies = status?.Studies, policy = policy.Sentence, ledgerSize = bookmark.Size, certificateNotAfter = certificate.NotAfter.ToUniversalTime(),
                }));
                return ExitCodes.Done;
            }
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("what", "value");
            void Row(string what, string value) => table.AddRow(Markup.Escape(what), Markup.Escape(value));
            Row("site", $"{settings.Site}, of {settings.Federation}");
            Row("agent", running ? $"runs as process {status?.Pid}, {status?.Connection}" : $"does not run; start it: agent run --dir '{directory.Root}'");
            Row("policy", policy.Sentence);
            Row("certificate", $"good until {certificate.NotAfter.ToUniversalTime():u}");
            Row("ledger", $"{bookmark.Size} leaves verified, root {bookmark.Root.Short}");
            foreach (var study in status?.Studies.ToArray() ?? []) Row(study.Key, study.Value);
            action.Shell.Screen.Write(table);
            return ExitCodes.Done;
        }));
        return command;
    }
}
