using System.CommandLine;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent enroll URL TOKEN`: makes a site of an empty folder.</summary>
internal static class EnrollCommand
{
    public static Command Make(SiteAction action)
    {
        var url = new Argument<string>("URL") { Description = "The coordinator: https://HOST:PORT" };
        var token = new Argument<string>("TOKEN") { Description = "What `dsfed invite` printed; '-' reads it from standard input" };
        var proxy = new Option<string?>("--proxy") { Description = "A CONNECT proxy, http://HOST:PORT, or 'none' [default: HTTPS_PROXY]", HelpName = "URL" };
        var seed = new Option<long?>("--seed") { Description = "Makes all training randomness reproducible. For demonstrations and tests only: whoever knows N can repeat it", HelpName = "N" };
        var command = new Command("enroll", "Make this folder a site of the federation: an identity key, a certificate, a pinned CA") { url, token, proxy, seed };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            var address = parsed.GetValue(url)!;
            if (!SiteSettings.IsHttps(address)) return action.Shell.Say(ExitCodes.WrongUsage, $"The URL must be https://HOST:PORT, not '{address}'.");
            var text = parsed.GetValue(token)!;
            if (text == "-") text = await Console.In.ReadToEndAsync(cancellationToken);
            var invitation = EnrolmentToken.Parse(text);
            using var held = directory.IsEnrolled ? null : SiteLock.Take(directory);
            var number = parsed.GetValue(seed);
            var settings = await new Enrolling(directory, action.Shell.Clock).Enrol(
                new Uri(address), invitation, parsed.GetValue(proxy), number, cancellationToken);
            using var identity = SigningKey.Load(directory.Identity);
            action.Shell.Out.WriteLine($"{settings.Site}={identity.Public}");
            if (number is not null) action.Shell.Say(0, "The seed is reproducible: this site is for demonstrations and tests only.");
            return action.Shell.Say(ExitCodes.Done,
                $"'{settings.Site}' is enrolled in '{settings.Federation}'. Give the line above to the other sites, by a way that is not the coordinator (agent roster confirm). "
                + $"Next: write '{directory.Policy}' and '{directory.Data}', then run: agent run --dir '{directory.Root}'");
        }));
        return command;
    }
}
