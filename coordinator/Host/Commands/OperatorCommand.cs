using System.CommandLine;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Serving;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Coordinator.Commands;

/// <summary>`coordinator operator admit`: the way back in when no admin is left who could use `dsfed operator admit`.</summary>
internal static class OperatorCommand
{
    public static Command Create() => new("operator", "Who may act for the federation, while the coordinator does not serve.") { Admit() };

    private static Command Admit()
    {
        var name = new Argument<string>("NAME") { Description = "The operator's name" };
        name.Validators.Add(found =>
        {
            if (!Slug.Is(found.Tokens[0].Value)) found.AddError($"'{found.Tokens[0].Value}' is not a name: {Slug.Rule}.");
        });
        var role = new Option<string>("--role") { Description = "admin: everything; operator: sites and studies; auditor: reads", DefaultValueFactory = _ => Words.Of(OperatorRole.Admin), HelpName = "ROLE" };
        role.AcceptOnlyFromAmong([.. Enum.GetValues<OperatorRole>().Select(Words.Of)]);
        var dir = CommandLine.DirectoryOption();
        var profile = new Option<string>("--out") { Description = "New folder for the operator's profile: key, certificate, address", Required = true, HelpName = "PROFILE" };
        var command = new Command("admit", "Make an operator's profile here, where the keys lie: for when the last admin's certificate has expired or its key is lost.") { name, role, dir, profile };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = CommandLine.Founded(parsed.GetRequiredValue(dir));
            var settings = CoordinatorSettings.Read(directory.Settings);
            if (!Words.TryParse<OperatorRole>(parsed.GetRequiredValue(role), out var allowed)) throw new InvalidOperationException("The option takes roles only.");
            using var only = InstanceLock.Take(directory);
            var folder = Path.GetFullPath(parsed.GetRequiredValue(profile));
            var notAfter = await OfflineAdmission.Run(directory, settings, parsed.GetRequiredValue(name), allowed, folder, TimeProvider.System, cancellationToken);
            Console.WriteLine(folder);
            Console.Error.WriteLine($"'{parsed.GetRequiredValue(name)}' is admitted as {Words.Of(allowed)} until {notAfter:u}. The folder holds the key: hand it over by a way you trust, then delete it here.");
            return CommandLine.Done;
        });
        return command;
    }
}
