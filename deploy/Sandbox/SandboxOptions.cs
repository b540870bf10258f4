using System.CommandLine;

namespace DeepSeek.Federated.Sandbox;

/// <summary>What the command line says.</summary>
internal sealed record SandboxOptions(
    string Study, string? Data, int? Rounds, string? Strategy, long? Seed, string? Sites, bool Keep, string? Json)
{
    /// <summary>The one command, which hands its options to <paramref name="run"/>.</summary>
    public static RootCommand Command(Func<SandboxOptions, CancellationToken, Task<int>> run)
    {
        var study = new Option<string>("--study") { Description = "A study of policies/studies by name, or a manifest's path", HelpName = "NAME|FILE", DefaultValueFactory = _ => "heart-disease" };
        var data = new Option<string?>("--data") { Description = "Folder with the real files (raw/processed.SITE.data and flamby_prepared.csv; for digits MNIST's four IDX files); without it rows are synthetic", HelpName = "DIR" };
        var rounds = new Option<int?>("--rounds") { Description = "Training rounds, instead of the manifest's", HelpName = "N" };
        var strategy = new Option<string?>("--strategy") { Description = "Strategy, instead of the manifest's", HelpName = "NAME" };
        var seed = new Option<long?>("--seed") { Description = "Seed of everything random: initial weights, synthetic rows, the agents' order of rows", HelpName = "N" };
        var sites = new Option<string?>("--sites") { Description = "How many sites, or their names", HelpName = "N|NAMES" };
        var keep = new Option<bool>("--keep") { Description = "Leave everything running and print where it is" };
        var json = new Option<string?>("--json") { Description = "Write the figures into a file", HelpName = "FILE" };
        AtLeast(rounds, 1);
        AtLeast(seed, 0);
        var command = new RootCommand(
            "Runs a whole study on this machine: a coordinator and one agent a site, each a process of its own, with real certificates, tokens and a ledger. "
            + "Exit codes: 0 done and verified, 1 not, 2 wrong usage.")
        { study, data, rounds, strategy, seed, sites, keep, json };
        command.SetAction((parsed, cancellationToken) => run(
            new SandboxOptions(
                parsed.GetValue(study)!, parsed.GetValue(data), parsed.GetValue(rounds), parsed.GetValue(strategy), parsed.GetValue(seed), parsed.GetValue(sites),
                parsed.GetValue(keep), parsed.GetValue(json)),
            cancellationToken));
        return command;
    }

    private static void AtLeast<T>(Option<T?> option, long least) where T : struct => option.Validators.Add(found =>
    {
        // What is no number is refused by the option itself.
        if (long.TryParse(found.Tokens.SingleOrDefault()?.Value, out var value) && value < least) found.AddError($"{option.Name} must be at least {least}.");
    });
}
