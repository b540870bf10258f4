using System.CommandLine;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Serving;

namespace DeepSeek.Federated.Coordinator.Commands;

internal static class ServeCommand
{
    public static Command Create()
    {
        var dir = CommandLine.DirectoryOption();
        var port = new Option<int?>("--port") { Description = "TCP port, instead of the one in coordinator.json; 0 takes a free one", HelpName = "PORT" };
        port.Validators.Add(result =>
        {
            if (result.GetValue(port) is < 0 or > 65535) result.AddError("--port must be within 0 to 65535.");
        });
        var command = new Command("serve", "Run the coordinator until SIGTERM or Ctrl-C.") { dir, port };
        command.SetAction(async (parsed, _) =>
        {
            var directory = CommandLine.Founded(parsed.GetRequiredValue(dir));
            var settings = CoordinatorSettings.Read(directory.Settings);
            if (parsed.GetValue(port) is { } other) settings = settings with { Port = other };
            using var only = InstanceLock.Take(directory);
            await using var coordinator = await CoordinatorServer.Start(directory, settings, TimeProvider.System, CancellationToken.None);
            Console.WriteLine($"listening on {coordinator.Url}");
            await coordinator.Run();
            return CommandLine.Done;
        });
        return command;
    }
}
