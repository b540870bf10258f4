using System.Net;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Agent.Tests.Session;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Leaves;
using Microsoft.Extensions.Logging.Abstractions;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.RoundEvent;

namespace DeepSeek.Federated.Agent.Tests.Egress;

public sealed class A_transfer : IDisposable, IWireSource
{
    private static readonly EventCatalog Catalog = new();
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 9000).Select(i => (byte)i)];
    private static readonly Digest Blob = Digest.Of(Bytes);
    private readonly TestSite _site = new();
    private readonly BellClock _clock = new(Noon);
    private readonly TestCoordinator _coordinator = new(Catalog);
    private readonly EgressLedger _ledger;
    private readonly EgressDesk _desk;
    private readonly Wire _wire;
    private readonly SentUpdate _update;

    public A_transfer()
    {
        File.WriteAllText(_site.Directory.Policy, TestSite.Policy);
        _ledger = new EgressLedger(_site.Directory.Egress, TimeProvider.System);
        _desk = new EgressDesk(_ledger, new PolicyFile(_site.Directory.Policy), Catalog, Self, _clock);
        _wire = Wire.Over(_desk, new Uri("https://coordinator.test"), _coordinator);
        var path = Path.Combine(_site.Directory.Root, "update.bin");
        File.WriteAllBytes(path, Bytes);
        var statement = new UpdateAccepted(TestSite.Study, 1, 1, Self, Digests("version 0"), Blob, Bytes.Length, Digests("root"), [], "");
        _update = new SentUpdate(TestSite.Study, 1, Manifest, Blob, Bytes.Length, path, statement);
        _desk.Updates.Admit(_update);
    }

    Wire IWireSource.Current => _wire;

    private Task Upload() =>
        new BlobUploader(this, 4096, _clock, new CrashPoint(null), NullLogger.Instance).Upload(_update, (_, _) => { }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task that_is_cut_inside_every_body_goes_on_without_growing_waits_for_each_brought_something()
    {
        var cuts = 0;
        _coordinator.Before = request =>
        {
            if (request.Method != HttpMethod.Put || cuts == 6) return null;
            var there = _coordinator.Partial.GetValueOrDefault(Blob, []);
            _coordinator.Partial[Blob] = Bytes[..(there.Length + 700)];
            cuts++;
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        };
        var uploading = Upload();
        for (var cut = 0; cut < 6; cut++)
        {
            var wait = await Backoff();
            Assert.InRange(wait.TotalMilliseconds, 100, 200);
            _clock.Advance(wait);
        }
        await uploading;
        Assert.Equal(Bytes, _coordinator.Whole[Blob]);
    }

    [Fact]
    public async Task for_a_round_that_is_over_sends_nothing()
    {
        _coordinator.Before = request => request.Method == HttpMethod.Head ? new HttpResponseMessage(HttpStatusCode.NotFound) : null;
        await Assert.ThrowsAsync<UploadRefusedException>(Upload);
        Assert.Equal(0, _coordinator.Puts);
    }

    [Fact]
    public async Task that_comes_in_and_is_cut_goes_on_where_it_was_and_blames_no_disk()
    {
        var asked = new List<long>();
        _coordinator.Whole[Blob] = Bytes;
        _coordinator.Before = request =>
        {
            asked.Add(request.Headers.Range?.Ranges.Single().From ?? 0);
            return asked.Count == 1 ? Cut(Bytes[..5000]) : null;
        };
        var path = Path.Combine(_site.Directory.Root, "fetched.bin");
        var fetching = new BlobDownloader(this, _clock, NullLogger.Instance).Fetch(Blob, Bytes.Length, path, TestContext.Current.CancellationToken);
        _clock.Advance(await Backoff());
        await fetching;
        Assert.Equal([0, 5000], asked);
        Assert.Equal(Bytes, File.ReadAllBytes(path));
    }

    private static HttpResponseMessage Cut(byte[] first) => new(HttpStatusCode.OK) { Content = new StreamContent(new CutStream(first)) };

    // What TLS throws when the other side is gone is an IOException without any cause.
    private sealed class CutStream(byte[] first) : MemoryStream(first)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Position < Length
            ? base.ReadAsync(buffer, cancellationToken)
            : throw new IOException("Received an unexpected EOF or 0 bytes from the transport stream.");
    }

    // A transfer's guard against standing still waits half a minute; the back-offs here are far below it.
    private async Task<TimeSpan> Backoff()
    {
        TimeSpan wait;
        do wait = await _clock.Waits();
        while (wait == TimeSpan.FromSeconds(30));
        return wait;
    }

    public void Dispose()
    {
        _wire.Dispose();
        _desk.Dispose();
        _ledger.Dispose();
        _coordinator.Dispose();
        _site.Dispose();
    }
}
