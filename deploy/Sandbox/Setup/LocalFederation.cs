using System.Text.Json;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Processes;
using DeepSeek.Federated.Sandbox.Progress;
using DeepSeek.Federated.Sandbox.Report;

namespace DeepSeek.Federated.Sandbox.Setup;

/// <summary>A federation of real processes on loopback, set up by the very commands that README shows.</summary>
internal sealed class LocalFederation(Place place, Household household, Board board, StudyFile study, IReadOnlyList<SiteTable> tables)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>From nothing to the study's end.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        board.Say("making the federation: CA, ledger, first operator");
        await household.Call(Executables.Coordinator, ["init", "--name", "sandbox", "--host", "127.0.0.1", "--port", "0"], place.Environment(null), cancellationToken);
        var url = await Serve(cancellationToken);

        board.Say("enrolling the sites with one-time tokens");
        var sites = tables.Select(t => new LocalSite(t, place, household, board)).ToList();
        var identities = await Task.WhenAll(sites.Select(async site =>
        {
            var token = await household.Call(Executables.Dsfed, ["invite", site.Name, "--valid", "1h"], place.Environment(null), cancellationToken);
            return await site.Enrol(url, token.Trim(), study.Seed, cancellationToken);
        }));
        board.Say("exchanging rosters: every site confirms every other's identity");
        await File.WriteAllLinesAsync(place.Identities, identities, cancellationToken);
        await Task.WhenAll(sites.Select(site => site.Confirm(place.Identities, cancellationToken)));
        foreach (var site in sites) site.Open(study.Manifest);

        board.Say("submitting the study");
        await File.WriteAllTextAsync(place.Manifest, study.Yaml, cancellationToken);
        await household.Call(Executables.Dsfed, ["study", "submit", place.Manifest], place.Environment(null), cancellationToken);
        await Watch(cancellationToken);
    }

    /// <summary>`dsfed ledger verify`.</summary>
    public async Task<LedgerView> VerifyLedger(CancellationToken cancellationToken)
    {
        var (_, output, obituary) = await household.TryCall(Executables.Dsfed, ["ledger", "verify", "--json"], place.Environment(null), null, cancellationToken);
        return output.StartsWith('{') ? JsonSerializer.Deserialize<LedgerView>(output, Wire)! : throw new SandboxFault($"The ledger could not be read. {obituary}");
    }

    /// <summary>`dsfed describe`.</summary>
    public async Task<ProcessView> DescribeCoordinator(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<ProcessView>(
            await household.Call(Executables.Dsfed, ["describe", "--json"], place.Environment(null), cancellationToken), Wire)!;

    /// <summary>The study's first and newest version, as safetensors files.</summary>
    public async Task<(string First, string Newest)> ExportVersions(StudyView last, CancellationToken cancellationToken)
    {
        var (first, newest) = (Path.Combine(place.Root, "first.safetensors"), Path.Combine(place.Root, "newest.safetensors"));
        var export = (string[])["version", "export", last.Study, "--format", "safetensors", "--out"];
        await Task.WhenAll(
            household.Call(Executables.Dsfed, [.. export, first, "--round", "0"], place.Environment(null), cancellationToken),
            household.Call(Executables.Dsfed, [.. export, newest], place.Environment(null), cancellationToken));
        return (first, newest);
    }

    private async Task<string> Serve(CancellationToken cancellationToken)
    {
        const string ready = "listening on ";
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        household.Start("coordinator", Executables.Coordinator, ["serve"], place.Environment(null), line =>
        {
            if (line.StartsWith(ready, StringComparison.Ordinal)) listening.TrySetResult(line[ready.Length..].Trim());
        });
        return await listening.Task.WaitAsync(cancellationToken);
    }

    private async Task Watch(CancellationToken cancellationToken)
    {
        var (code, _, obituary) = await household.TryCall(
            Executables.Dsfed, ["study", "status", study.Manifest.Name.Value, "--watch", "--json"], place.Environment(null),
            line =>
            {
                if (line.StartsWith('{')) board.Take(StudyView.Parse(line));
            },
            cancellationToken);
        // A stopped study is an answer as well: the tables show it.
        if (board.Study is not { Ended: true }) throw new SandboxFault($"Watching the study ended early (exit code {code}). {obituary}");
    }
}
