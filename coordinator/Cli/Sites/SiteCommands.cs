using System.CommandLine;
using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Sites;

/// <summary>`dsfed site list|revoke`.</summary>
internal static class SiteCommands
{
    public static Command Make(OperatorAction action) => new("site", "The federation's sites") { List(action), Revoke(action) };

    private static Command List(OperatorAction action)
    {
        var json = Json.Option();
        var command = new Command("list", "List every site that was ever invited") { json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var reply = await session.Operators.ListSitesAsync(new ListSitesRequest(), cancellationToken: cancellationToken);
            if (parsed.GetValue(json)) session.Shell.Out.WriteLine(Json.Line(reply));
            else session.Shell.Screen.Write(Table(reply));
            return ExitCodes.Done;
        }));
        return command;
    }

    internal static Table Table(ListSitesReply reply)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("site", "state", "connected", "certificate until", "identity");
        foreach (var site in reply.Sites)
        {
            table.AddRow(
                Markup.Escape(site.Site), Markup.Escape(site.State), site.Connected ? "yes" : "no",
                site.CertificateNotAfterUnix == 0 ? "" : $"{DateTimeOffset.FromUnixTimeSeconds(site.CertificateNotAfterUnix):u}", Markup.Escape(site.Identity));
        }
        return table;
    }

    private static Command Revoke(OperatorAction action)
    {
        var site = SlugArgument.Make("SITE", "The site to put out");
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the ledger for good", HelpName = "TEXT", Required = true };
        var command = new Command("revoke", "Honour no certificate of a site from now on") { site, reason };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            await session.Operators.RevokeAsync(
                new RevokeRequest { Site = parsed.GetValue(site)!, Reason = parsed.GetValue(reason)! }, cancellationToken: cancellationToken);
            session.Shell.Out.WriteLine($"'{parsed.GetValue(site)}' is revoked: none of its certificates is honoured any more.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
