using System.CommandLine;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Sites;

/// <summary>`dsfed invite SITE`: the token alone on standard output, so that a script can take it; everything about it on standard error.</summary>
internal static class InviteCommand
{
    public static Command Make(OperatorAction action)
    {
        var site = SlugArgument.Make("SITE", "The site's name in the federation");
        var valid = new Option<TimeSpan>("--valid")
        {
            Description = "How long the token can be used, such as 12h or 7d",
            HelpName = "TIME",
            DefaultValueFactory = _ => TimeSpan.FromDays(1),
            CustomParser = found =>
            {
                if (Durations.TryParse(found.Tokens[0].Value, out var time) && time > TimeSpan.Zero) return time;
                found.AddError($"'{found.Tokens[0].Value}' is no time: write it like 30m, 12h or 7d.");
                return default;
            },
        };
        var json = Json.Option();
        var command = new Command("invite", "Issue a one-time token with which a site enrols") { site, valid, json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var (name, time) = (parsed.GetValue(site)!, parsed.GetValue(valid));
            var reply = await session.Operators.InviteAsync(
                new InviteRequest { Site = name, ValidSeconds = (long)time.TotalSeconds }, cancellationToken: cancellationToken);
            session.Shell.Out.WriteLine(parsed.GetValue(json) ? Json.Line(reply) : reply.Token);
            return session.Shell.Say(
                ExitCodes.Done,
                $"The token lets '{name}' enrol once, until {DateTimeOffset.FromUnixTimeSeconds(reply.ExpiresUnix):u}. It is a secret: hand it over by a "
                + $"way you trust. There: agent enroll {session.Link.Profile.Url.GetLeftPart(UriPartial.Authority)} TOKEN");
        }));
        return command;
    }
}
