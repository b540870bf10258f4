using System.CommandLine;
using System.Security.Cryptography;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Serving;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Commands;

/// <summary>The program's commands, and what its exit codes mean: 0 done, 1 refused or not verified, 2 wrong usage or bad input.</summary>
internal static class CommandLine
{
    public const int Done = 0, Refused = 1, WrongUsage = 2;

    public static Option<string> DirectoryOption() => new("--dir")
    {
        Description = $"Folder of the federation (or the environment variable {FederationDirectory.Variable})",
        DefaultValueFactory = _ => FederationDirectory.Default,
        HelpName = "DIR",
    };

    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("The coordinator of a federation: runs rounds, keeps the ledger, never sees a record.");
        root.Subcommands.Add(InitCommand.Create());
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(OperatorCommand.Create());
        root.Subcommands.Add(BackupCommand.Create());
        root.Subcommands.Add(RestoreCommand.Create());
        var parsed = root.Parse(args);
        // The host ends itself on SIGTERM and decides how long that takes.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            var code = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? WrongUsage : code;
        }
        catch (Exception refused) when (refused is FolderInUseException or NotFoundedException or OperationRefusedException or LedgerDamagedException or LedgerUnavailableException)
        {
            return Say(refused.Message, Refused);
        }
        catch (OperationCanceledException)
        {
            return Done; // told to stop before it was ready: nothing was begun
        }
        catch (Exception bad) when (bad is SettingsException or FileNotFoundException or DirectoryNotFoundException or FormatException)
        {
            return Say(bad.Message, WrongUsage);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Disk full, port taken, no right to a file: the system's own sentence names it.
            return Say(broken.Message, Refused);
        }
    }

    /// <exception cref="NotFoundedException">There is no federation in the folder.</exception>
    public static FederationDirectory Founded(string path)
    {
        var directory = new FederationDirectory(path);
        return directory.IsFounded ? directory : throw new NotFoundedException(directory.Path);
    }

    private static int Say(string message, int code)
    {
        Console.Error.WriteLine($"coordinator: {message}");
        return code;
    }
}

/// <summary>A lawful "no" that ends a command with code 1; the message names cause and mend.</summary>
internal sealed class OperationRefusedException(string message) : Exception(message);

/// <summary>No federation lies in the folder.</summary>
internal sealed class NotFoundedException(string path)
    : Exception($"There is no federation in {path}. Make one with `coordinator init --dir {path}`, or name its folder with --dir.");
