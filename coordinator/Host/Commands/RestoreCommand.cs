using System.CommandLine;
using DeepSeek.Federated.Coordinator.Backups;
using DeepSeek.Federated.Coordinator.Founding;

namespace DeepSeek.Federated.Coordinator.Commands;

internal static class RestoreCommand
{
    public static Command Create()
    {
        var dir = CommandLine.DirectoryOption();
        var from = new Option<string>("--from") { Description = "The file that `coordinator backup` wrote", Required = true, HelpName = "FILE" };
        var database = new DatabaseOptions("where the backup's ledger was");
        var command = new Command("restore", "Put a federation back from a backup, into a new or empty folder.") { dir, from, database.Kind, database.File };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = new FederationDirectory(parsed.GetRequiredValue(dir));
            var restored = await Restoration.Run(parsed.GetRequiredValue(from), directory, database.Of(parsed), TimeProvider.System, cancellationToken);
            Console.WriteLine($"""
                federation '{restored.Label.Federation}' restored to {directory.Path}
                  backup taken:  {restored.Label.Taken:u}
                  verified:      {restored.Size} leaves, root {restored.Root}
                What was recorded after the backup is lost; the ledger says so in its next leaf. Never serve the old folder again.
                """);
            return CommandLine.Done;
        });
        return command;
    }
}
