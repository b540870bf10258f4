using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Signing.Keys;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>The agent put together: the only place where its parts meet.</summary>
internal sealed class RunningAgent(SiteDirectory directory, ProgressFeed progress, ILogger log, TimeProvider clock)
{
    /// <summary>Names a folder of files STUDY.txt, one batch a line, instead of the site's secret order of rows: for replaying another program's run.</summary>
    public const string GivenBatchesVariable = "FEDERATED_GIVEN_BATCHES";

    /// <summary>Runs until it is cancelled or asked to stop. A step under way is left where it is: it is found again on disk.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var settings = SiteSettings.Load(directory);
        using var held = SiteLock.Take(directory);
        File.Delete(directory.StopRequest);
        using var identity = SigningKey.Load(directory.Identity);
        using var seed = SiteSeed.Load(directory);
        var catalog = new EventCatalog();
        var policy = new PolicyFile(directory.Policy);
        using var book = LedgerBook.Open(directory, catalog);
        using var egressLedger = new EgressLedger(directory.Egress, clock);
        using var desk = new EgressDesk(egressLedger, policy, catalog, settings.Site, clock, study => new StudyShelf(directory, study).Steward is { Approved: true } word ? word.Manifest : null);
        using var wires = new CertifiedWires(directory, settings, desk, clock, log);
        using var data = new SiteData(directory);
        var crash = CrashPoint.FromEnvironment();
        var site = new Site
        {
            Directory = directory, Settings = settings, Identity = identity.Public, Seed = seed, Book = book, Policy = policy, Data = data, Egress = desk,
            Statements = new Statements(wires, catalog, identity), Uploader = new BlobUploader(wires, settings.PieceBytes, clock, crash, log),
            GivenBatches = Environment.GetEnvironmentVariable(GivenBatchesVariable), Downloader = new BlobDownloader(wires, clock, log), Progress = progress, Board = new RunBoard(directory, clock), Crash = crash, Clock = clock, Log = log,
        };
        var verifier = new PageVerifier(catalog, settings.Federation, PublicKey.Parse(settings.LedgerKey), settings.Site, identity.Public);
        var session = new CoordinatorSession(book, verifier, wires, clock, log, size => Connected(site, size), cause => Disconnected(site, cause));
        if (site.GivenBatches is { } given) log.Warned($"{GivenBatchesVariable} is set: batches are read from '{given}' and are no secret of this site. For replays only.");
        if (policy.Read() is not PolicyStanding.InForce) log.Warned(policy.Read().Sentence);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [
            session.Follow(ending.Token), wires.KeepRenewed(ending.Token), new SiteWatcher(directory, site.Local, clock).UntilStop(ending.Token), Studies(site, ending.Token)];
        var first = await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        site.Board.Connection("stopped");
        File.Delete(directory.StopRequest);
        if (!cancellationToken.IsCancellationRequested) await first;   // asked to stop it just ends; any other end is told
        progress.Tell("stopped", $"agent {settings.Site} stopped");
    }

    // Each study lives by itself; the first fault that none of them can bear ends the agent.
    private static async Task Studies(Site site, CancellationToken cancellationToken)
    {
        Dictionary<StudyId, Task> works = [];
        while (true)
        {
            var news = site.Book.Changes.Next;
            foreach (var study in site.Book.Studies.Keys.Where(s => !works.ContainsKey(s)).ToList())
                works[study] = Task.Run(() => new StudyWork(site, study).Run(cancellationToken), cancellationToken);
            var ended = await Task.WhenAny([news, .. works.Values]).WaitAsync(cancellationToken);
            if (ended != news) await ended;
        }
    }

    private void Connected(Site site, long size)
    {
        log.Connected(site.Settings.Url, size);
        site.Board.Connection($"connected to {site.Settings.Url}");
        progress.Tell("connected", $"agent {site.Settings.Site} is connected to {site.Settings.Url}", null, null, ("site", site.Settings.Site.Value), ("url", site.Settings.Url));
        site.Local.Tell();
    }

    private void Disconnected(Site site, string cause)
    {
        site.Board.Connection($"not connected: {cause}");
        progress.Tell("disconnected", $"agent {site.Settings.Site} lost its connection: {cause}", null, null, ("cause", cause));
    }
}
