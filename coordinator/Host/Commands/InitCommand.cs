using System.Collections.Immutable;
using System.CommandLine;
using DeepSeek.Federated.Coordinator.Founding;

namespace DeepSeek.Federated.Coordinator.Commands;

internal static class InitCommand
{
    public static Command Create()
    {
        var dir = CommandLine.DirectoryOption();
        var name = new Option<string>("--name") { Description = "Name of the federation", DefaultValueFactory = _ => "federation", HelpName = "NAME" };
        var host = new Option<string[]>("--host")
        {
            Description = "A name or address that agents dial; may stand several times, the first is the one that is printed",
            DefaultValueFactory = _ => ["localhost", "127.0.0.1"], HelpName = "HOST",
        };
        var port = new Option<int>("--port") { Description = "TCP port; 0 takes a free one at every start", DefaultValueFactory = _ => 7443, HelpName = "PORT" };
        var database = new DatabaseOptions(DatabaseChoice.SqliteWord);
        var command = new Command("init", "Make a federation: its CA, its ledger and its first operator.") { dir, name, host, port, database.Kind, database.File };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = new FederationDirectory(parsed.GetRequiredValue(dir));
            var settings = CoordinatorSettings.Of(parsed.GetRequiredValue(name), [.. parsed.GetRequiredValue(host).Distinct()], parsed.GetRequiredValue(port));
            if (database.Of(parsed) is { } chosen) settings = settings with { Database = chosen };
            else database.RequireNoneMeant();
            if (directory.IsFounded)
                throw new OperationRefusedException($"A federation lies in {directory.Path} already. Serve it with `coordinator serve --dir {directory.Path}`, or name another folder.");
            if (!directory.IsEmpty)
                throw new OperationRefusedException($"{directory.Path} is not empty and holds no federation. Name a new or empty folder with --dir.");
            await Foundation.Lay(directory, settings, TimeProvider.System, cancellationToken);
            Console.WriteLine($"""
                federation '{settings.Name}' made in {directory.Path}
                  serve it:      coordinator serve --dir {directory.Path}
                  operate it:    dsfed --profile {directory.Operator} invite SITE
                  keep secret:   {directory.In("ca")}, {directory.LedgerKey}, {directory.Operator}
                """);
            return CommandLine.Done;
        });
        return command;
    }
}
