using System.CommandLine;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Lineage.Leaves;
using Spectre.Console;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>`agent study list|show|approve|refuse`: what the steward decides.</summary>
internal static class StudyCommands
{
    public static Command Make(SiteAction action) => new("study", "See the studies that ask this site, and decide")
    {
        List(action), Show(action),
        Decide(action, "approve", "Say yes to a study, as its manifest stands", approved: true),
        Decide(action, "refuse", "Say no to a study, or take an approval back", approved: false),
    };

    private static Command List(SiteAction action)
    {
        var command = new Command("list", "List the studies that ask this site");
        command.SetAction(action.Do((_, directory) =>
        {
            var (settings, book) = Look(directory);
            var table = new Table().Border(TableBorder.Rounded).AddColumns("study", "title", "phase", "this site", "policy", "rounds", "version");
            foreach (var (name, state) in book.Studies)
            {
                var verdict = new PolicyFile(directory.Policy).Read().Consider(state.Manifest!, action.Shell.Clock.GetUtcNow());
                table.AddRow(new[]
                {
                    name.Value, state.Manifest!.Title, Words.Of(state.Phase), Said(state, settings.Site), Says(verdict), $"{state.TrainedRounds} of {state.Manifest.Rounds.Count}",
                    state.Versions.IsEmpty ? "-" : state.Versions[^1].Version.Short,
                }.Select(Markup.Escape).ToArray());
            }
            if (book.Studies.IsEmpty) return action.Shell.Say(ExitCodes.Done, "No study asks this site.");
            action.Shell.Screen.Write(table);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Show(SiteAction action)
    {
        var study = SiteAction.Study();
        var command = new Command("show", "Show a study's manifest, and what policy and data say to it") { study };
        command.SetAction(action.Do(async (parsed, directory, cancellationToken) =>
        {
            var (settings, book) = Look(directory);
            if (Find(book, parsed.GetValue(study)!) is not { } state) return Unknown(action, parsed.GetValue(study)!);
            var manifest = state.Manifest!;
            using var json = System.Text.Json.JsonDocument.Parse(manifest.Canonical.AsMemory());
            action.Shell.Out.WriteLine(YamlDocument.Write(json.RootElement));
            var verdict = new PolicyFile(directory.Policy).Read().Consider(manifest, action.Shell.Clock.GetUtcNow());
            using var data = new SiteData(directory);
            action.Shell.Out.WriteLine($"# manifest digest: {manifest.Digest}");
            action.Shell.Out.WriteLine($"# phase: {Words.Of(state.Phase)}; this site: {Said(state, settings.Site)}");
            action.Shell.Out.WriteLine($"# policy: {Says(verdict)}{(verdict is PolicyVerdict.Refused no ? $" - {no.Sentence}" : "")}");
            action.Shell.Out.WriteLine($"# data: {DataCommands.Sentence(await data.Read(manifest, cancellationToken))}");
            foreach (var round in state.Past.Values.Append(state.Round).OfType<Domain.Rounds.RoundState>())
                action.Shell.Out.WriteLine($"# round {round.Opened.Round}: {round.GetType().Name.ToLowerInvariant()}, this site {RoundWord(round, settings.Site)}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Decide(SiteAction action, string word, string description, bool approved)
    {
        var study = SiteAction.Study();
        var manifest = new Option<string?>("--manifest") { Description = "Decide only if the manifest has this digest", HelpName = "DIGEST" };
        var command = new Command(word, description) { study, manifest };
        command.SetAction(action.Do((parsed, directory) =>
        {
            var (settings, book) = Look(directory);
            if (Find(book, parsed.GetValue(study)!) is not { } state) return Unknown(action, parsed.GetValue(study)!);
            var digest = state.Manifest!.Digest;
            if (parsed.GetValue(manifest) is { } expected && expected != digest.ToString())
                return action.Shell.Say(ExitCodes.Refused, $"The manifest in force is {digest}, not the one you name. See: agent study show {state.Manifest.Name}");
            if (!state.Asked.Contains(settings.Site)) return action.Shell.Say(ExitCodes.Refused, "The study does not ask this site.");
            var verdict = new PolicyFile(directory.Policy).Read().Consider(state.Manifest, action.Shell.Clock.GetUtcNow());
            if (approved && verdict is PolicyVerdict.Refused no)
                return action.Shell.Say(ExitCodes.Refused, $"The policy comes first, and it says no: {no.Sentence} Change '{directory.Policy}' if that is what you want, then approve.");
            new StudyShelf(directory, state.Manifest.Name).Record(new StewardDecision(digest, approved, action.Shell.Clock.GetUtcNow()));
            var when = SiteLock.IsHeld(directory) ? "The running agent tells the coordinator now." : "It is told when the agent runs: agent run";
            return action.Shell.Say(ExitCodes.Done, $"{(approved ? "Approved" : "Refused")}: '{state.Manifest.Name}', manifest {digest.Short}. {when}");
        }));
        return command;
    }

    internal static (SiteSettings, LedgerBook) Look(SiteDirectory directory) => (SiteSettings.Load(directory), LedgerBook.Look(directory, new EventCatalog()));

    internal static StudyState? Find(LedgerBook book, string name) => book.Studies.GetValueOrDefault(new StudyId(name));

    internal static int Unknown(SiteAction action, string name) =>
        action.Shell.Say(ExitCodes.Refused, $"No study '{name}' is known here. Known studies: agent study list. The agent learns of new ones while it runs.");

    private static string Said(StudyState state, SiteId self) => !state.Asked.Contains(self) ? "not asked"
        : !state.Answers.TryGetValue(self, out var reason) ? "has not answered"
        : reason is { } no ? $"declined: {Words.Of(no)}" : "approved";

    private static string Says(PolicyVerdict verdict) => verdict switch
    {
        PolicyVerdict.Allowed { Approval: Approval.Automatic } => "allows it",
        PolicyVerdict.Allowed                                  => "allows it, if the steward approves",
        PolicyVerdict.Refused no                               => Words.Of(no.Reason),
        _                                                      => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    private static string RoundWord(Domain.Rounds.RoundState round, SiteId self) => round.Answers.GetValueOrDefault(self) switch
    {
        null when !round.Invites(self)            => "was not invited",
        null                                      => "has not answered",
        Domain.Rounds.SiteAnswer.Consented        => "takes part",
        Domain.Rounds.SiteAnswer.Declined no      => $"declined: {Words.Of(no.Reason)}",
        Domain.Rounds.SiteAnswer.Reported         => "sent its update",
        Domain.Rounds.SiteAnswer.Late             => "was late",
        _                                         => throw new InvalidOperationException("unreachable: the family is closed"),
    };
}
