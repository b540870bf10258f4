using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>A whole federation in a temporary folder: a coordinator process and one agent process a site, everything real.</summary>
internal sealed class Federation : IAsyncDisposable
{
    public const string Study = "heart-disease";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Dictionary<string, Executable> _agents = [];
    private Executable? _coordinator;

    private Federation(string folder, int port, string[] sites) => (Folder, Port, Sites) = (folder, port, sites);

    public string Folder { get; }
    public int Port { get; }
    public string[] Sites { get; }
    public string CoordinatorFolder => Path.Combine(Folder, "federation");
    public string SiteFolder(string site) => Path.Combine(Folder, "sites", site);
    public string Profile => Path.Combine(CoordinatorFolder, "operator");
    public Executable Coordinator => _coordinator!;
    public Executable Agent(string site) => _agents[site];

    private static readonly SemaphoreSlim Founding = new(1, 1);
    private static readonly Dictionary<(int, int), Federation> Templates = [];

    /// <summary>Founded, enrolled, rosters confirmed, policies and data in place; the coordinator serves, no agent runs.</summary>
    /// <param name="sites">How many sites; they are named site-a, site-b, ...</param>
    /// <param name="rows">Rows of each site's synthetic table.</param>
    /// <param name="environment">Of the coordinator.</param>
    /// <remarks>Founding takes a dozen processes, so it is done once for each size; every test gets a copy of the folders.</remarks>
    public static async Task<Federation> Found(int sites = 3, int rows = 60, Dictionary<string, string>? environment = null)
    {
        await Founding.WaitAsync();
        try
        {
            if (!Templates.TryGetValue((sites, rows), out var template)) Templates[(sites, rows)] = template = await FoundTemplate(sites, rows);
            var folder = Directory.CreateTempSubdirectory("federation-").FullName;
            await Run("cp", "-a", template.Folder + "/.", folder);
            var federation = new Federation(folder, template.Port, template.Sites);
            await federation.StartCoordinator(environment);
            return federation;
        }
        finally
        {
            Founding.Release();
        }
    }

    private static async Task<Federation> FoundTemplate(int sites, int rows)
    {
        var federation = new Federation(
            Directory.CreateTempSubdirectory("federation-").FullName, FreePort(), [.. Enumerable.Range(0, sites).Select(i => $"site-{(char)('a' + i)}")]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(federation.Folder, recursive: true);
        await Executable.Run("coordinator", "init", "--dir", federation.CoordinatorFolder, "--name", "test", "--host", "127.0.0.1", "--port", $"{federation.Port}");
        await federation.StartCoordinator();
        for (var i = 0; i < sites; i++) await federation.Enrol(federation.Sites[i], i, rows);
        await federation.ConfirmRosters();
        await federation.StopCoordinator();
        return federation;
    }

    public async Task StopCoordinator()
    {
        await Coordinator.Signal("TERM");
        Assert.Equal(0, await Coordinator.Exit());
    }

    public async Task StartCoordinator(Dictionary<string, string>? environment = null)
    {
        _coordinator = Executable.Start("coordinator", ["serve", "--dir", CoordinatorFolder], environment);
        await _coordinator.Line(l => l.StartsWith("listening on ", StringComparison.Ordinal), Patience);
    }

    /// <summary>Waits until the coordinator has killed itself at the crash point it was given, then starts it again without one.</summary>
    public async Task CoordinatorCrashesAndComesBack()
    {
        Assert.Equal(137, await Coordinator.Exit());
        await StartCoordinator();
    }

    public async Task<string> Invite(string site) => (await Executable.Run("dsfed", "invite", site, "--profile", Profile)).Trim();

    public async Task Enrol(string site, int seed, int rows)
    {
        var token = await Invite(site);
        await Executable.Run("agent", "enroll", $"https://127.0.0.1:{Port}", token, "--dir", SiteFolder(site), "--seed", $"{seed + 1}");
        await File.WriteAllTextAsync(Path.Combine(SiteFolder(site), "data.csv"), Tables.Csv(seed, rows));
        await File.WriteAllTextAsync(Path.Combine(SiteFolder(site), "data.yaml"), $"""
            apiVersion: federated.deepseek.com/v1
            kind: SiteData
            spec:
              datasets:
                - name: heart-disease
                  connector: csv
                  path: data.csv
            """);
        await File.WriteAllTextAsync(Path.Combine(SiteFolder(site), "policy.yaml"), Tables.Policy());
    }

    public async Task ConfirmRosters()
    {
        var exported = new List<string>();
        foreach (var site in Sites)
        {
            var file = Path.Combine(Folder, $"{site}.roster");
            await File.WriteAllTextAsync(file, await Executable.Run("agent", "roster", "export", "--dir", SiteFolder(site)));
            exported.Add(file);
        }
        foreach (var site in Sites)
            foreach (var file in exported)
                await Executable.Run("agent", "roster", "confirm", file, "--dir", SiteFolder(site));
    }

    /// <summary>Changes one setting of every site's site.json.</summary>
    public async Task Set(string key, JsonNode value)
    {
        foreach (var path in Sites.Select(site => Path.Combine(SiteFolder(site), "site.json")))
        {
            var settings = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
            settings[key] = value.DeepClone();
            await File.WriteAllTextAsync(path, settings.ToJsonString());
        }
    }

    public async Task StartAgents(params string[] sites)
    {
        foreach (var site in sites.Length == 0 ? Sites : sites) await StartAgent(site);
    }

    public async Task<Executable> StartAgent(string site, Dictionary<string, string>? environment = null, bool waitForConnection = true)
    {
        var agent = _agents[site] = Executable.Start("agent", ["run", "--dir", SiteFolder(site), "--progress", "json"], environment);
        if (waitForConnection) await agent.Line(l => l.Contains("connected", StringComparison.Ordinal), Patience);
        return agent;
    }

    public async Task Submit(string manifest)
    {
        var file = Path.Combine(Folder, "study.yaml");
        await File.WriteAllTextAsync(file, manifest);
        await Executable.Run("dsfed", "study", "submit", file, "--profile", Profile);
    }

    /// <summary>Follows the study until <paramref name="reached"/> holds, through coordinator restarts.</summary>
    public async Task<JsonElement> Status(Func<JsonElement, bool> reached)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        while (true)
        {
            await using var watch = Executable.Start("dsfed", ["study", "status", Study, "--watch", "--json", "--profile", Profile]);
            try
            {
                var line = await watch.Line(l => l.StartsWith('{') && reached(JsonDocument.Parse(l).RootElement), Patience);
                return JsonDocument.Parse(line).RootElement;
            }
            catch (InvalidOperationException) when (!late.IsCancellationRequested && !Coordinator.HasExited)
            {
                // The stream ended (a restart): ask again. Every try ends by itself, and the token bounds them all.
            }
            catch (Exception never) when (never is TimeoutException or InvalidOperationException)
            {
                throw new TimeoutException($"{never.Message}\n{Told()}", never);
            }
        }
    }

    // What every process said last: without it nobody can tell who kept whom waiting.
    private string Told() => string.Join('\n', _agents.Append(new("coordinator", Coordinator)).Select(p =>
        $"--- {p.Key}{(p.Value.HasExited ? " (ended)" : "")}\n{string.Join('\n', p.Value.Lines.TakeLast(12))}"));

    /// <summary>Waits for the study's end.</summary>
    public Task<JsonElement> Completed() => Status(s => s.GetProperty("phase").GetString() is "completed" or "stopped");

    /// <summary>Content digest of the newest version: what must be the same however the run was disturbed.</summary>
    public static string FinalContent(JsonElement status) => status.GetProperty("versions").EnumerateArray().Last().GetProperty("content").GetString()!;

    public static IEnumerable<string> Used(JsonElement status, int round) =>
        Round(status, round).GetProperty("used").EnumerateArray().Select(s => s.GetString()!);

    /// <summary>What a site says to the study, as the ledger has it.</summary>
    public static string Answer(JsonElement status, string site) =>
        status.GetProperty("answers").EnumerateArray().Single(a => a.GetProperty("site").GetString() == site).GetProperty("answer").GetString()!;

    public static JsonElement Round(JsonElement status, int round) =>
        status.GetProperty("rounds").EnumerateArray().Single(r => r.GetProperty("number").GetInt32() == round);

    public Task<(int Code, string Output, string Errors)> Verify() => Executable.Try("dsfed", "ledger", "verify", "--profile", Profile);

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents.Values) await agent.DisposeAsync();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var run = System.Diagnostics.Process.Start(program, arguments);
        await run.WaitForExitAsync();
        Assert.Equal(0, run.ExitCode);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
