using System.CommandLine;
using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Signing.Rosters;
using Spectre.Console;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent roster show|confirm|export`: whom this site has agreed to federate with. The coordinator has no say in it.</summary>
internal static class RosterCommands
{
    public static Command Make(SiteAction action) =>
        new("roster", "The identities that this site counts, confirmed outside the coordinator") { Show(action), Confirm(action), Export(action) };

    private static Command Show(SiteAction action)
    {
        var command = new Command("show", "Show the roster");
        command.SetAction(action.Do((_, directory) =>
        {
            SiteSettings.Load(directory);
            var table = new Table().Border(TableBorder.Rounded).AddColumns("site", "fingerprint (SHA-256 of the key)", "confirmed by");
            foreach (var entry in Load(directory).Entries)
                table.AddRow(Markup.Escape(entry.Site.Value), entry.Fingerprint.ToString(), Markup.Escape(string.Join(", ", entry.ConfirmedBy)));
            action.Shell.Screen.Write(table);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Confirm(SiteAction action)
    {
        var what = new Argument<string>("IDENTITY") { Description = "NAME=ed25519:..., a file of such lines, or a roster.json" };
        var by = new Option<string[]>("--by") { Description = "Who compared the key with the site's own people; may be given several times", HelpName = "PERSON", DefaultValueFactory = _ => [Environment.UserName] };
        var command = new Command("confirm", "Take identities into the roster, once their fingerprints were compared by telephone or in person") { what, by };
        command.SetAction(action.Do((parsed, directory) =>
        {
            SiteSettings.Load(directory);
            var people = parsed.GetValue(by)!.Distinct(StringComparer.Ordinal).ToImmutableArray();
            var roster = Load(directory);
            var added = 0;
            foreach (var entry in Read(action, parsed.GetValue(what)!, people))
            {
                if (roster.Entries.FirstOrDefault(e => e.Site == entry.Site) is { } known)
                {
                    if (known.Fingerprint == entry.Fingerprint) continue;
                    return action.Shell.Say(ExitCodes.Refused,
                        $"'{entry.Site}' stands in the roster with another key. A site that changes its identity must be asked why; then remove the old entry from '{directory.Roster}'.");
                }
                roster = roster.With(entry);
                added++;
                action.Shell.Out.WriteLine($"{entry.Site} {entry.Fingerprint}");
            }
            DurableFile.Write(directory.Roster, RosterDocument.Write(roster));
            return action.Shell.Say(ExitCodes.Done, $"{added} added; the roster has {roster.Count} sites.");
        }));
        return command;
    }

    private static Command Export(SiteAction action)
    {
        var file = new Option<string?>("--out") { Description = "Write to this file instead of standard output", HelpName = "FILE" };
        var command = new Command("export", "Print this site's own identity, to be given to the other sites by a way that is not the coordinator") { file };
        command.SetAction(action.Do((parsed, directory) =>
        {
            var settings = SiteSettings.Load(directory);
            using var identity = SigningKey.Load(directory.Identity);
            var line = $"{settings.Site}={identity.Public}";
            if (parsed.GetValue(file) is { } path) File.WriteAllText(action.Shell.PathOf(path), line + "\n");
            else action.Shell.Out.WriteLine(line);
            return action.Shell.Say(ExitCodes.Done, $"Fingerprint, to be read out: {identity.Public.Fingerprint}");
        }));
        return command;
    }

    private static Roster Load(SiteDirectory directory) => File.Exists(directory.Roster) ? RosterDocument.Read(File.ReadAllBytes(directory.Roster)) : Roster.Empty;

    private static IEnumerable<RosterEntry> Read(SiteAction action, string what, ImmutableArray<string> people)
    {
        if (what.Contains('=', StringComparison.Ordinal)) return [Line(what, people)];
        var text = File.ReadAllText(action.Shell.PathOf(what));
        return text.TrimStart().StartsWith('{')
            ? RosterDocument.Read(System.Text.Encoding.UTF8.GetBytes(text)).Entries.Select(e => e with { ConfirmedBy = people })
            : [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').Select(l => Line(l, people))];
    }

    private static RosterEntry Line(string line, ImmutableArray<string> people) =>
        line.Split('=', 2) is [var name, var key]
            ? new RosterEntry(new SiteId(name.Trim()), PublicKey.Parse(key.Trim()).Fingerprint, people)
            : throw new FormatException($"'{line}' is not NAME=ed25519:...");
}
