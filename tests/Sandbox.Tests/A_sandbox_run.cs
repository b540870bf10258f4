using System.Diagnostics;
using System.Text.Json;
using DeepSeek.Federated.Sandbox.Processes;
using DeepSeek.Federated.Sandbox.Setup;
using Spectre.Console;

namespace DeepSeek.Federated.Sandbox.Tests;

public sealed class A_sandbox_run : IDisposable
{
    private const long MiB = 1 << 20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task of_the_default_study_verifies_its_ledger_stays_within_its_limits_and_leaves_nothing_behind()
    {
        using var text = new StringWriter();
        var json = Path.Combine(_folder.FullName, "out.json");
        var place = Path.Combine(_folder.FullName, "place");
        var code = await SandboxRun.Run(Options.Default with { Json = json }, () => new Place(place), Console(text), TimeProvider.System, CancellationToken.None);
        Assert.Equal(0, code);
        using var outcome = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal(Enumerable.Repeat("revealed", 16), outcome.RootElement.GetProperty("rounds").EnumerateArray().Select(r => r.GetProperty("outcome").GetString()));
        Assert.True(outcome.RootElement.GetProperty("ledger").GetProperty("verified").GetBoolean());
        Assert.InRange(outcome.RootElement.GetProperty("metrics").GetProperty("pooledTestAccuracy").GetDouble(), 0.01, 1);
        Assert.Equal(16, outcome.RootElement.GetProperty("versions").GetArrayLength());
        StaysWithinItsLimits(outcome.RootElement);
        Assert.Contains("seed 42: it makes the sites' randomness reproducible", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("synthetic data", text.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(place));
    }

    [Fact]
    public async Task that_cannot_begin_says_why_and_ends_with_2()
    {
        using var text = new StringWriter();
        Assert.Equal(2, await SandboxRun.Run(Options.Default with { Study = "none" }, Place.Temporary, Console(text), TimeProvider.System, CancellationToken.None));
        Assert.Equal(2, await SandboxRun.Run(Options.Default with { Sites = "1" }, Place.Temporary, Console(text), TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task that_could_not_write_its_figures_says_so_before_it_begins()
    {
        using var text = new StringWriter();
        Place Never() => throw new InvalidOperationException("nothing may be begun");
        foreach (var file in (string[])[Path.Combine(_folder.FullName, "missing", "out.json"), _folder.FullName])
            Assert.Equal(2, await SandboxRun.Run(Options.Default with { Json = file }, Never, Console(text), TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public async Task that_fails_keeps_its_folder_and_says_where()
    {
        using var text = new StringWriter();
        var place = Path.Combine(_folder.FullName, "place");
        var data = Directory.CreateDirectory(Path.Combine(_folder.FullName, "no data")).FullName;
        Assert.Equal(1, await SandboxRun.Run(Options.Default with { Data = data }, () => new Place(place), Console(text), TimeProvider.System, CancellationToken.None));
        Assert.True(Directory.Exists(place));
        Assert.Contains($"kept in {place}", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task whose_child_dies_tells_its_last_words_and_where_its_log_is()
    {
        await using var household = new Household(_folder.FullName);
        household.Start("coordinator", Executables.Coordinator, ["serve", "--dir", Path.Combine(_folder.FullName, "nothing")], new Dictionary<string, string>(), null);
        var dead = await household.Death;
        Assert.Contains("There is no federation", dead.Obituary(), StringComparison.Ordinal);
        Assert.Contains(dead.LogPath, dead.Obituary(), StringComparison.Ordinal);
        Assert.True(File.Exists(dead.LogPath));
    }

    [Fact]
    public async Task never_leaves_a_process_running()
    {
        int id;
        await using (var household = new Household(_folder.FullName))
        {
            var environment = new Dictionary<string, string> { ["FEDERATED_DIR"] = Path.Combine(_folder.FullName, "federation") };
            await household.Call(Executables.Coordinator, ["init", "--host", "127.0.0.1", "--port", "0"], environment, CancellationToken.None);
            var listening = new TaskCompletionSource();
            id = household.Start("coordinator", Executables.Coordinator, ["serve"], environment, line =>
            {
                if (line.StartsWith("listening on", StringComparison.Ordinal)) listening.TrySetResult();
            }).Id;
            await listening.Task;
            using var alive = Process.GetProcessById(id);
            Assert.False(alive.HasExited);
        }
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    // Time is held as CPU time: 60 s on two cores that are free. How long a busy machine takes says nothing about us.
    private static void StaysWithinItsLimits(JsonElement outcome)
    {
        var (coordinator, agents) = (outcome.GetProperty("coordinator"), outcome.GetProperty("agents").EnumerateObject().ToList());
        Assert.Equal(["north", "east", "south", "west"], agents.Select(a => a.Name));
        if (OperatingSystem.IsLinux()) Assert.InRange(coordinator.GetProperty("peakRssBytes").GetInt64(), MiB, 200 * MiB);
        if (OperatingSystem.IsLinux()) Assert.All(agents, a => Assert.InRange(a.Value.GetProperty("peakRssBytes").GetInt64(), MiB, 350 * MiB));
        Assert.InRange(agents.Select(a => a.Value).Append(coordinator).Sum(p => p.GetProperty("cpuSeconds").GetDouble()), 0.1, 2 * 60);
    }

    private static IAnsiConsole Console(TextWriter text)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        return console;
    }
}
