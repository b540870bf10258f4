using System.CommandLine;
using DeepSeek.Federated.Coordinator.Backups;
using DeepSeek.Federated.Coordinator.Founding;

namespace DeepSeek.Federated.Coordinator.Commands;

internal static class BackupCommand
{
    public static Command Create()
    {
        var dir = CommandLine.DirectoryOption();
        var to = new Option<string>("--to") { Description = "The tar file to write", Required = true, HelpName = "FILE" };
        var command = new Command("backup", "Write ledger, blobs and keys into one file, while the coordinator serves or not.") { dir, to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = CommandLine.Founded(parsed.GetRequiredValue(dir));
            var file = Path.GetFullPath(parsed.GetRequiredValue(to));
            if (File.Exists(file)) throw new OperationRefusedException($"{file} exists already, and a backup overwrites nothing. Name another file.");
            await new BackupArchive(directory, CoordinatorSettings.Read(directory.Settings), TimeProvider.System).Write(file, cancellationToken);
            Console.WriteLine($"backup written to {file} ({new FileInfo(file).Length} bytes)");
            Console.WriteLine("It holds the private keys of the CA, the ledger and the first admin: keep it as you keep those.");
            return CommandLine.Done;
        });
        return command;
    }
}
