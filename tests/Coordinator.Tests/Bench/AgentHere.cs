using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Signing.Rosters;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>A real agent in this process, with its own folder, rows and training; only its network is the test's.</summary>
internal sealed class AgentHere : IAsyncDisposable, IWireSource
{
    private const int Piece = 4096;
    private static readonly EventCatalog Catalog = new();
    private readonly SiteDirectory _directory = new(Directory.CreateTempSubdirectory("agent-").FullName);
    private readonly List<IDisposable> _owned = [];
    private readonly CancellationTokenSource _ending = new();
    private SiteSettings _settings = null!;
    private Task _running = Task.CompletedTask;

    public Wire Current { get; private set; } = null!;

    public RosterEntry Entry { get; private set; } = null!;

    /// <summary>Ends only when the agent fails.</summary>
    public Task Failure => _running;

    public static async Task<AgentHere> Enrol(RunningCoordinator coordinator, string name, string policy, string data, string rows, long seed)
    {
        var agent = new AgentHere();
        var token = await coordinator.Invite(name);
        agent._settings = await new Enrolling(agent._directory, TimeProvider.System).Enrol(new Uri(coordinator.Url), token, "none", seed, CancellationToken.None);
        await File.WriteAllTextAsync(agent._directory.Policy, policy);
        await File.WriteAllTextAsync(agent._directory.Data, data);
        await File.WriteAllTextAsync(Path.Combine(agent._directory.Root, "rows.csv"), rows);
        using var identity = SigningKey.Load(agent._directory.Identity);
        agent.Entry = new RosterEntry(agent._settings.Site, identity.Public.Fingerprint, ["a test"]);
        return agent;
    }

    /// <summary>Runs until it is disposed.</summary>
    public void Start(StudyId study, IEnumerable<RosterEntry> roster, RunningCoordinator coordinator, Func<HttpMessageHandler, HttpMessageHandler> network)
    {
        DurableFile.Write(_directory.Roster, RosterDocument.Write(Roster.Of(roster)));
        var (clock, log, crash) = (TimeProvider.System, NullLogger.Instance, new CrashPoint(null));
        var policy = new PolicyFile(_directory.Policy);
        var identity = Own(SigningKey.Load(_directory.Identity));
        var desk = Own(new EgressDesk(Own(new EgressLedger(_directory.Egress, clock)), policy, Catalog, _settings.Site, clock));
        Current = Own(Wire.Over(desk, new Uri(_settings.Url), network(coordinator.Handler(Own(ConnectionCertificate.Load(_directory))))));
        var site = new Site
        {
            Directory = _directory, Settings = _settings, Identity = identity.Public, Seed = Own(SiteSeed.Load(_directory)), Book = Own(LedgerBook.Open(_directory, Catalog)),
            Policy = policy, Data = Own(new SiteData(_directory)), Egress = desk, Statements = new Statements(this, Catalog, identity),
            Uploader = new BlobUploader(this, Piece, clock, crash, log), Downloader = new BlobDownloader(this, clock, log),
            Progress = new ProgressFeed(TextWriter.Null, true, clock), Board = new RunBoard(_directory, clock), Crash = crash, Clock = clock, Log = log,
        };
        var verifier = new PageVerifier(Catalog, _settings.Federation, PublicKey.Parse(_settings.LedgerKey), _settings.Site, identity.Public);
        var session = new CoordinatorSession(site.Book, verifier, this, clock, log, _ => { }, _ => { });
        _running = Task.WhenAny(Task.Run(() => session.Follow(_ending.Token)), Task.Run(() => Work(site, study))).Unwrap();
    }

    /// <summary>The whole ledger, as this site may see it.</summary>
    public async Task<IReadOnlyList<LedgerEvent>> Ledger()
    {
        List<LedgerEvent> events = [];
        for (LeavesPage? page = null; page is null || page.Leaves.Count > 0;)
        {
            page = await Current.Agents.PollAsync(new LeavesRequest { Version = ProtocolVersion.Current, After = page?.Next ?? 0 });
            events.AddRange(page.Leaves.Select(l => Catalog.FromLeaf(Leaf.Decode(l.Leaf.Memory), l.Index).Event));
        }
        return events;
    }

    private async Task Work(Site site, StudyId study)
    {
        for (var news = site.Book.Changes.Next; !site.Book.Studies.ContainsKey(study); news = site.Book.Changes.Next) await news.WaitAsync(_ending.Token);
        await new StudyWork(site, study).Run(_ending.Token);
    }

    private T Own<T>(T part) where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        for (var i = _owned.Count - 1; i >= 0; i--) _owned[i].Dispose();
        _ending.Dispose();
        Directory.Delete(_directory.Root, recursive: true);
    }
}
