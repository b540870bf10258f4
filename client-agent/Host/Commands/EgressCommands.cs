using System.CommandLine;
using System.Globalization;
using System.Text;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent egress list|show|verify`: every byte that ever left.</summary>
internal static class EgressCommands
{
    public static Command Make(SiteAction action) => new("egress", "See everything that ever left this site") { List(action), Show(action), Verify(action) };

    private static Command List(SiteAction action)
    {
        var all = new Option<bool>("--all") { Description = "Requests that hold nothing of the site too (greetings, reads, waiting for news)" };
        var command = new Command("list", "List what left, oldest first") { all };
        command.SetAction(action.Do((parsed, directory) =>
        {
            Exists(directory);
            var table = new Table().Border(TableBorder.Rounded).AddColumns("number", "at", "kind", "study", "round", "bytes", "sha-256");
            var chain = EgressLedger.Follow(directory.Egress, e =>
            {
                if (!parsed.GetValue(all) && e.Kind is not ("statement" or "blob-piece" or "enrolment" or "renewal" or EgressEntry.TornLine)) return;
                table.AddRow(new[]
                {
                    e.Index.ToString(CultureInfo.InvariantCulture), e.At.ToString("u", CultureInfo.InvariantCulture), e.Kind, e.Study?.Value ?? "", e.Round?.ToString(CultureInfo.InvariantCulture) ?? "",
                    e.Bytes.ToString(CultureInfo.InvariantCulture), e.Body.Short,
                }.Select(Markup.Escape).ToArray());
            });
            action.Shell.Screen.Write(table);
            return Judge(action, chain);
        }));
        return command;
    }

    private static Command Show(SiteAction action)
    {
        var number = new Argument<long>("NUMBER") { Description = "The entry's number in `agent egress list`" };
        var raw = new Option<bool>("--raw") { Description = "Write the very bytes to standard output" };
        var command = new Command("show", "Show exactly what left in one entry") { number, raw };
        command.SetAction(action.Do((parsed, directory) =>
        {
            Exists(directory);
            EgressEntry? found = null;
            EgressLedger.Follow(directory.Egress, e => found = e.Index == parsed.GetValue(number) ? e : found);
            if (found is null) return action.Shell.Say(ExitCodes.Refused, $"There is no entry {parsed.GetValue(number)}. See: agent egress list --all");
            var body = EgressBodies.Read(directory, found);
            if (parsed.GetValue(raw))
            {
                if (body is null) return action.Shell.Say(ExitCodes.Refused, "The bytes are not kept here.");
                using var output = Console.OpenStandardOutput();
                output.Write(body);
                return ExitCodes.Done;
            }
            action.Shell.Out.WriteLine(Encoding.UTF8.GetString(found.Line()));
            if (body is null && found.Bytes > 0)
                return action.Shell.Say(ExitCodes.Done, found.Kind is "enrolment" ? "The body held the one-time token and is not kept." : "The body is not kept here any more; its length and digest stand above.");
            if (body is not null && Digest.Of(body) != found.Body) return action.Shell.Say(ExitCodes.Refused, "The kept bytes do not have the digest of the entry: they were changed.");
            if (body is not null) Print(action, found, body);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Verify(SiteAction action)
    {
        var command = new Command("verify", "Check that no line of the egress ledger was changed, removed or put in, and that kept bodies are what left");
        command.SetAction(action.Do((_, directory) =>
        {
            Exists(directory);
            var wrong = 0;
            var chain = EgressLedger.Follow(directory.Egress, e =>
            {
                if (EgressBodies.Read(directory, e) is not { } body || Digest.Of(body) == e.Body) return;
                wrong++;
                action.Shell.Say(ExitCodes.Refused, $"The kept body of entry {e.Index} was changed.");
            });
            if (chain.Fault is null && wrong == 0) action.Shell.Out.WriteLine($"{chain.Count} entries, unbroken; last {chain.Last}");
            return wrong > 0 ? ExitCodes.Refused : Judge(action, chain);
        }));
        return command;
    }

    private static void Exists(SiteDirectory directory)
    {
        if (!Directory.Exists(directory.Egress)) throw new SiteFaultException($"Nothing ever left '{directory.Root}': there is no site. Name its folder with --dir.");
    }

    private static int Judge(SiteAction action, EgressChain chain) => chain switch
    {
        { Fault: { } fault }      => action.Shell.Say(ExitCodes.Refused, fault),
        { Torn.IsEmpty: false }   => action.Shell.Say(ExitCodes.Done, "The last line is torn: the machine stopped while it was written, so nothing of it was sent. The agent closes it when it runs."),
        _                         => ExitCodes.Done,
    };

    private static void Print(SiteAction action, EgressEntry entry, byte[] body)
    {
        if (entry.Kind == "statement" && StatementRequest.Parser.ParseFrom(body.AsSpan(5)) is var statement)
        {
            action.Shell.Out.WriteLine($"{statement.Type}: {statement.Body.ToStringUtf8()}");
            action.Shell.Out.WriteLine(statement.PrivatePart.IsEmpty ? "private part: none" : $"private part: {statement.PrivatePart.ToStringUtf8()}");
            return;
        }
        for (var at = 0; at < Math.Min(body.Length, 1024); at += 16)
        {
            var row = body.AsSpan(at, Math.Min(16, body.Length - at)).ToArray();
            action.Shell.Out.WriteLine($"{at:x8}  {string.Join(' ', row.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))),-47}  {string.Concat(row.Select(b => b is >= 0x20 and < 0x7f ? (char)b : '.'))}");
        }
        if (body.Length > 1024) action.Shell.Out.WriteLine($"... and {body.Length - 1024} bytes more: --raw");
    }
}
