using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Parameters.Versions;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Rosters;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests.Rounds;

/// <summary>The work of one site with real rows, real training and real files; the coordinator is in memory.</summary>
public sealed class A_round_at_a_site : IDisposable, IWireSource
{
    private static readonly EventCatalog Catalog = new();
    private static readonly VersionContent Initial = InitialVersion.Make(Manifest.Model, null);
    private readonly TestSite _folder = new();
    private readonly TestCoordinator _coordinator = new(Catalog);
    private readonly TestLedger _ledger = new(Catalog);
    private readonly PageVerifier _verifier = new(Catalog, "test", LedgerKey.Public, Self, Keys[Self].Public);
    private readonly Channel<LedgerEvent> _said = Channel.CreateUnbounded<LedgerEvent>();
    private readonly VersionPublished _first;
    private Wire? _wire;

    public A_round_at_a_site()
    {
        File.WriteAllText(_folder.Directory.Policy, TestSite.Policy.Replace("2026-12-31", "2099-12-31", StringComparison.Ordinal));
        File.WriteAllText(_folder.Directory.Data, "apiVersion: federated.deepseek.com/v1\nkind: SiteData\nspec: {datasets: [{name: rows, connector: csv, path: rows.csv}]}\n");
        var random = new Random(5);
        File.WriteAllLines(Path.Combine(_folder.Directory.Root, "rows.csv"), Enumerable.Range(0, 40).Select(_ => (X: random.Next(-9, 9), Y: random.Next(-9, 9)))
            .Select(r => $"{r.X},{r.Y},{(r.X + r.Y > 0 ? 1 : 0)}").Prepend("x,y,label"));
        Confirm([.. Sites]);
        SiteSeed.Ensure(_folder.Directory, Self, 1);
        using var snapshot = new MemoryStream();
        VersionSnapshot.Write(snapshot, Initial);
        _coordinator.Whole[Digest.Of(snapshot.ToArray())] = snapshot.ToArray();
        _coordinator.Answer = said =>
        {
            _said.Writer.TryWrite(said);
            return StatementReply.Types.Answer.Recorded;
        };
        _first = new VersionPublished(
            TestSite.Study, 0, VersionIdentity.Of(TestSite.Study, 0, Initial.Digest, null), Initial.Digest, null, Digest.Of(snapshot.ToArray()), snapshot.Length, null, 0, Digests("state"));
    }

    Wire IWireSource.Current => _wire!;

    private RoundOpened Round => TestSite.Opened(1) with { BaseVersion = _first.Version, BaseContent = _first.Content };

    private void Confirm(ImmutableArray<Domain.Names.SiteId> sites) => DurableFile.Write(
        _folder.Directory.Roster, RosterDocument.Write(Roster.Of(sites.Select(s => new RosterEntry(s, Keys[s].Public.Fingerprint, ["test"])))));

    /// <summary>Starts an agent on the folder; the test plays the ledger.</summary>
    private async Task Run(Func<LedgerBook, Task> play)
    {
        var clock = TimeProvider.System;
        using var egress = new EgressLedger(_folder.Directory.Egress, clock);
        var policy = new PolicyFile(_folder.Directory.Policy);
        using var desk = new EgressDesk(egress, policy, Catalog, Self, clock);
        using var wire = _wire = Wire.Over(desk, new Uri("https://coordinator.test"), new Lasting(_coordinator));
        using var book = LedgerBook.Open(_folder.Directory, Catalog);
        using var seed = SiteSeed.Load(_folder.Directory);
        using var data = new SiteData(_folder.Directory);
        var (crash, log) = (new CrashPoint(null), NullLogger.Instance);
        var site = new Site
        {
            Directory = _folder.Directory, Settings = new SiteSettings(Self, "https://coordinator.test", "test", LedgerKey.Public.ToString()), Identity = Keys[Self].Public,
            Seed = seed, Book = book, Policy = policy, Data = data, Egress = desk, Statements = new Statements(this, Catalog, Keys[Self]),
            Uploader = new BlobUploader(this, 4096, clock, crash, log), Downloader = new BlobDownloader(this, clock, log),
            Progress = new ProgressFeed(TextWriter.Null, true, clock), Board = new RunBoard(_folder.Directory, clock), Crash = crash, Clock = clock, Log = log,
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        if (book.Studies.IsEmpty) Tell(book, Submitted, _first);
        var work = Task.Run(() => new StudyWork(site, TestSite.Study).Run(ending.Token), ending.Token);
        await Task.WhenAny(play(book), work).Unwrap();
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    private void Tell(LedgerBook book, params LedgerEvent[] events)
    {
        _ledger.With([.. events.Select(e => e is ISiteStatement { Signature: "" } ? _ledger.Signed(e) : e)]);
        book.Accept(_ledger.Page(book.Bookmark.Next, book.Bookmark.Size), _verifier);
    }

    /// <summary>The next thing the site says, which becomes a leaf.</summary>
    private async Task<T> Hears<T>(LedgerBook book) where T : LedgerEvent
    {
        var said = Assert.IsType<T>(await _said.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Tell(book, said);
        return said;
    }

    private async Task OpenRound(LedgerBook book)
    {
        await Hears<StudyApproved>(book);
        Tell(book, [.. Sites[1..].Select(s => new StudyApproved(TestSite.Study, s, Manifest.Digest, Digests("policy"), ""))]);
        Tell(book, Round);
    }

    private LedgerEvent[] Others(bool used = true) =>
    [
        .. Sites[1..].Select(s => new SiteConsented(TestSite.Study, 1, s, Digests("policy"), "")),
        .. used ? Sites[1..].Select(s => new UpdateAccepted(TestSite.Study, 1, 1, s, Round.BaseVersion, Digests($"{s}"), 100, Digests("root"), [], "")) : [],
    ];

    [Fact]
    public async Task is_consented_trained_sent_and_promoted()
    {
        await Run(async book =>
        {
            await OpenRound(book);
            await Hears<SiteConsented>(book);
            var update = await Hears<UpdateAccepted>(book);
            Assert.Equal(update.Bytes, _coordinator.Whole[update.Blob].Length);
            Assert.Single(update.Figures);
            Tell(book, Others());
            Tell(book, new RoundClosed(TestSite.Study, 1, Sites, Sites, [], []), new AggregateRevealed(TestSite.Study, 1, Digests("sum"), []));
            Assert.False(File.Exists(Path.Combine(_folder.Directory.Study(TestSite.Study), "state.json")));   // closed and revealed, not yet published
            Tell(book, _first with { Round = 1, Version = Digests("v1"), Parent = _first.Version });
            await Gone(Staged);
        });
        var shelf = new StudyShelf(_folder.Directory, TestSite.Study);
        Assert.Equal(1, shelf.Read().PromotedRound);
        Assert.False(shelf.CurrentState().IsEmpty);
        Assert.Null(EgressLedger.Follow(_folder.Directory.Egress, null).Fault);
    }

    [Fact]
    public async Task that_went_on_without_the_site_leaves_its_state_as_it_was()
    {
        await Run(async book =>
        {
            await OpenRound(book);
            await Hears<SiteConsented>(book);
            Assert.IsType<UpdateAccepted>(await _said.Reader.ReadAsync(TestContext.Current.CancellationToken));   // the announcement never becomes a leaf
            Tell(book, Others());
            Tell(book, new RoundClosed(TestSite.Study, 1, Sites, Sites[1..], [], [Self]));
            await Gone(Staged);
        });
        Assert.True(new StudyShelf(_folder.Directory, TestSite.Study).CurrentState().IsEmpty);
    }

    [Fact]
    public async Task sends_the_same_bytes_again_after_a_crash_and_makes_the_same_bytes_when_they_were_not_finished()
    {
        UpdateAccepted? first = null;
        await Run(async book =>
        {
            await OpenRound(book);
            await Hears<SiteConsented>(book);
            first = (UpdateAccepted)await _said.Reader.ReadAsync(TestContext.Current.CancellationToken);
        });
        var written = File.GetLastWriteTimeUtc(Staged);
        await Run(async _ => Assert.Equal(first!.Signature, ((UpdateAccepted)await _said.Reader.ReadAsync(TestContext.Current.CancellationToken)).Signature));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Staged));   // re-sent, not made again

        File.Delete(Staged);   // died before the marker: nothing was finished
        await Run(async _ => Assert.Equal(first!.Blob, ((UpdateAccepted)await _said.Reader.ReadAsync(TestContext.Current.CancellationToken)).Blob));
    }

    [Fact]
    public async Task is_declined_when_the_finished_bytes_are_gone()
    {
        await Run(async book =>
        {
            await OpenRound(book);
            await Hears<SiteConsented>(book);
            await _said.Reader.ReadAsync(TestContext.Current.CancellationToken);
        });
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(Staged)!, "update.bin"), [1]);
        await Run(async book => Assert.Equal(RefusalReason.UpdateLost, (await Hears<SiteDeclined>(book)).Reason));
    }

    [Fact]
    public async Task is_declined_when_too_few_of_the_cohort_stand_in_the_sites_own_roster()
    {
        Confirm([Self]);
        await Run(async book =>
        {
            await OpenRound(book);
            Assert.Equal(RefusalReason.TooFewParticipants, (await Hears<SiteDeclined>(book)).Reason);
        });
    }

    [Fact]
    public async Task is_declined_when_the_base_version_is_not_what_the_ledger_names()
    {
        _coordinator.Whole.Clear();
        await Run(async book =>
        {
            await OpenRound(book);
            await Hears<SiteConsented>(book);
            Assert.Equal(RefusalReason.BaseVersionUnusable, (await Hears<SiteDeclined>(book)).Reason);
        });
    }

    [Fact]
    public async Task is_declined_when_more_updates_left_than_the_policy_allows_whatever_the_ledger_says()
    {
        var shelf = new StudyShelf(_folder.Directory, TestSite.Study);
        for (var round = 11; round <= 20; round++) shelf.CountSent(round, 1);
        await Run(async book =>
        {
            await OpenRound(book);
            Assert.Equal(RefusalReason.TooManyRounds, (await Hears<SiteDeclined>(book)).Reason);
        });
    }

    [Fact]
    public async Task is_left_when_the_roster_changes_after_the_consent()
    {
        await Run(async book =>
        {
            await OpenRound(book);
            var consent = await _said.Reader.ReadAsync(TestContext.Current.CancellationToken);
            Confirm([Self]);
            Tell(book, consent);   // trained from here on
            Assert.Equal(RefusalReason.TooFewParticipants, (await Hears<SiteDeclined>(book)).Reason);
        });
        Assert.Equal(0, _coordinator.Puts);
    }

    [Fact]
    public async Task tells_nobody_how_many_rows_do_not_fit()
    {
        File.AppendAllLines(Path.Combine(_folder.Directory.Root, "rows.csv"), ["99,1,1", "98,1,1"]);
        await Run(async book => Assert.Equal(RefusalReason.DataUnfit, (await Hears<StudyDeclined>(book)).Reason));
        var left = Directory.EnumerateFiles(_folder.Directory.Egress, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
        Assert.Contains(left, body => body.Contains("some rows have a number outside", StringComparison.Ordinal));
        Assert.DoesNotContain(left, body => body.Contains("2 rows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task of_a_study_whose_data_are_missing_never_begins()
    {
        File.Delete(_folder.Directory.Data);
        await Run(async book => Assert.Equal(RefusalReason.DataMissing, (await Hears<StudyDeclined>(book)).Reason));
    }

    /// <summary>A connect timeout, a call under which the connection was replaced, a stream that was reset: none of them is anybody's wish to stop.</summary>
    [Theory]
    [InlineData("timeout")]
    [InlineData("replaced")]
    [InlineData("reset")]
    public async Task goes_on_when_a_connection_ends_in_a_way_that_looks_like_a_cancellation(string how)
    {
        var failing = new ConcurrentDictionary<string, int>();
        _coordinator.Before = request =>
        {
            var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
            if (failing.AddOrUpdate(call, 1, (_, times) => times + 1) > 2) return null;
            return how switch
            {
                "timeout"                                                        => throw new TaskCanceledException("", new TimeoutException()),
                "replaced"                                                       => throw new ObjectDisposedException("handler"),
                _ when call.EndsWith("/State", StringComparison.Ordinal)         => TestCoordinator.Status(StatusCode.Cancelled),
                _                                                                => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            };
        };
        await Run(async book =>
        {
            await OpenRound(book);
            await Hears<SiteConsented>(book);
            await Hears<UpdateAccepted>(book);
        });
        Assert.All(failing.Values, times => Assert.True(times > 2));
        Assert.Contains(failing.Keys, call => call.StartsWith("PUT", StringComparison.Ordinal));
    }

    private string Staged => Path.Combine(_folder.Directory.Study(TestSite.Study), "rounds", "1", "staged.json");

    // The file system does not ring: looked at until it is so, bounded by the test's own time.
    private static async Task Gone(string path)
    {
        while (File.Exists(path)) await Task.Yield();
        while (Directory.Exists(Path.GetDirectoryName(path))) await Task.Yield();
    }

    public void Dispose()
    {
        _coordinator.Dispose();
        _folder.Dispose();
    }

    /// <summary>Outlives the wires over it.</summary>
    private sealed class Lasting(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
