using DeepSeek.Federated.Sandbox.Comparison;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Processes;
using DeepSeek.Federated.Sandbox.Progress;
using DeepSeek.Federated.Sandbox.Report;
using DeepSeek.Federated.Sandbox.Setup;
using Spectre.Console;

namespace DeepSeek.Federated.Sandbox;

/// <summary>One run: data, processes, the study, the comparisons, the tables; and everything ended and removed.</summary>
internal static class SandboxRun
{
    private const int Done = 0, Failed = 1, WrongUsage = 2, Interrupted = 130;

    public static async Task<int> Run(SandboxOptions options, Func<Place> makePlace, IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names;
        StudyFile study;
        Population population;
        try
        {
            // The study says who may take part, and how many do changes the study.
            population = Population.Of(StudyFile.Read(options, Population.MostSites).Manifest);
            names = SitePick.Names(population, options.Sites, synthetic: options.Data is null);
            study = StudyFile.Read(options, names.Count);
            if (options.Json is { } wanted) OutcomeFile.Require(wanted);
        }
        catch (SandboxFault wrong)
        {
            return Say(WrongUsage, wrong.Message);
        }
        var place = makePlace();
        var household = new Household(place.Logs);
        var code = Failed; // until it is known better: what is left behind by an unforeseen end can be looked at
        try
        {
            var outcome = await Play(options, study, population, names, place, household, new Screen(console), clock, cancellationToken);
            if (options.Json is { } file) OutcomeFile.Write(file, outcome);
            Tables.Show(console, outcome);
            return code = outcome.Study.Phase == "completed" && outcome.Ledger.Verified ? Done : Failed;
        }
        catch (SandboxFault fault)
        {
            return Say(code, fault.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Say(code = Interrupted, "Interrupted: all processes are being ended.");
        }
        finally
        {
            if (options.Keep && code != Interrupted)
            {
                foreach (var line in place.HowToLook(names[0]).Concat(household.HowToEnd())) console.WriteLine(line);
            }
            else
            {
                await household.DisposeAsync();
                if (code == Failed) console.WriteLine($"Logs, data and ledger are kept in {place.Root}: delete the folder when you have looked.");
                else place.Remove();
            }
        }
    }

    private static async Task<Outcome> Play(
        SandboxOptions options, StudyFile study, Population population, IReadOnlyList<string> names, Place place, Household household, Screen screen, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var tables = population.Write(place.Tables, options.Data, names, study.Seed);
        screen.Console.WriteLine(
            $"Study '{study.Manifest.Name}' on {(options.Data is null ? "synthetic data" : $"real data from {options.Data}")}: {string.Join(", ", names)}");

        screen.Console.WriteLine(
            $"seed {study.Seed}: it makes the sites' randomness reproducible, and whoever knows it can compute it. For demonstrations and tests only.");

        var board = new Board(names);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var federation = new LocalFederation(place, household, board, study, tables);
        var running = OrDeath(federation.Run(ending.Token), household, ending);
        await screen.While(board, running, cancellationToken);

        var last = board.Study ?? throw new SandboxFault("The study gave no sign of life.");
        var agents = names.ToDictionary(n => n, n => household.Used(LocalSite.ProcessOf(n)));
        var (verifying, describing, exporting) = (
            federation.VerifyLedger(cancellationToken), federation.DescribeCoordinator(cancellationToken), federation.ExportVersions(last, cancellationToken));
        await Task.WhenAll(verifying, describing, exporting);
        var ((first, newest), ledger, coordinator) = (await exporting, await verifying, await describing);
        var scores = await new Contrast(study.Manifest, tables, study.Seed, place.Tables).Score(last, first, newest, cancellationToken);
        return new Outcome(last, study.Seed, options.Data is null, population.Rows, clock.GetElapsedTime(started).TotalSeconds, scores, ledger, coordinator, agents);
    }

    /// <summary>Whatever comes first: the end, or the death of a process that should live.</summary>
    private static async Task OrDeath(Task running, Household household, CancellationTokenSource ending)
    {
        if (await Task.WhenAny(running, household.Death) == running)
        {
            await running;
            return;
        }
        var dead = await household.Death;
        await ending.CancelAsync();
        throw new SandboxFault(dead.Obituary());
    }

    private static int Say(int code, string sentence)
    {
        Console.Error.WriteLine(sentence);
        return code;
    }
}
