using System.CommandLine;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;

namespace DeepSeek.Federated.Cli.Admission;

/// <summary>`dsfed operator renew`: a new key and certificate for the profile in use; with `--when-less-than` a timer can run it every day.</summary>
internal static class RenewCommand
{
    public static Command Make(OperatorAction action)
    {
        var limit = new Option<TimeSpan?>("--when-less-than")
        {
            Description = "Renew only when less than this is left, such as 60d: for a timer that runs daily",
            HelpName = "TIME",
            CustomParser = found =>
            {
                if (Durations.TryParse(found.Tokens[0].Value, out var time)) return time;
                found.AddError($"'{found.Tokens[0].Value}' is no time: write it like 12h or 60d.");
                return null;
            },
        };
        var command = new Command("renew", "Renew this profile's certificate before it expires; whoever it speaks for and whatever the role") { limit };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var left = session.Link.NotAfter - session.Shell.Clock.GetUtcNow();
            if (parsed.GetValue(limit) is { } least && left >= least)
                return session.Shell.Say(ExitCodes.Done, $"The certificate is good until {session.Link.NotAfter:u}; nothing was renewed.");
            using var next = NextCertificate.Begin(session.Link.Profile.Folder);
            var reply = await session.Operators.RenewOperatorAsync(
                new RenewOperatorRequest { CertificateRequest = ByteString.CopyFrom(next.CertificateRequest()) }, cancellationToken: cancellationToken);
            next.Finish(reply.Certificate.Span);
            return session.Shell.Say(
                ExitCodes.Done,
                $"The certificate in {session.Link.Profile.Folder} is renewed until {DateTimeOffset.FromUnixTimeSeconds(reply.NotAfterUnix):u}. "
                + $"Copies of the former one are good until {session.Link.NotAfter:u}, or until the operator is revoked.");
        }));
        return command;
    }
}
