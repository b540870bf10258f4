using System.Net;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Lineage.Leaves;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests.Egress;

public sealed class An_egress_gate : IDisposable, IWireSource
{
    private static readonly EventCatalog Catalog = new();
    private readonly TestSite _site = new();
    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly TestCoordinator _coordinator = new(Catalog);
    private readonly EgressLedger _ledger;
    private readonly EgressDesk _desk;
    private readonly Wire _wire;
    private readonly Statements _statements;

    public An_egress_gate()
    {
        File.WriteAllText(_site.Directory.Policy, TestSite.Policy);
        _ledger = new EgressLedger(_site.Directory.Egress, _clock);
        _desk = new EgressDesk(_ledger, new PolicyFile(_site.Directory.Policy), Catalog, Self, _clock);
        _wire = Wire.Over(_desk, new Uri("https://coordinator.test"), _coordinator);
        _statements = new Statements(this, Catalog, Keys[Self]);
    }

    Wire IWireSource.Current => _wire;

    private List<EgressEntry> Entries()
    {
        List<EgressEntry> entries = [];
        Assert.Null(EgressLedger.Follow(_site.Directory.Egress, entries.Add).Fault);
        return entries;
    }

    private SentUpdate Update(byte[] bytes, params DisclosedFigure[] figures)
    {
        var path = Path.Combine(_site.Directory.Root, "update.bin");
        File.WriteAllBytes(path, bytes);
        var statement = _statements.Signed(new UpdateAccepted(TestSite.Study, 1, 1, Self, Digests("version 0"), Digest.Of(bytes), bytes.Length, Digests("root"), [.. figures], ""));
        return new SentUpdate(TestSite.Study, 1, Manifest, Digest.Of(bytes), bytes.Length, path, statement);
    }

    private Task Upload(SentUpdate update, int piece = 4096) =>
        new BlobUploader(this, piece, _clock, new CrashPoint(null), NullLogger.Instance).Upload(update, (_, _) => { }, TestContext.Current.CancellationToken);

    private Task Hand(LedgerEvent statement, string? sentence = null) => _statements.Hand(statement, sentence, TestContext.Current.CancellationToken);

    private static async Task<string> Refused(Task sending)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => sending);
        return Assert.IsType<EgressRefusedException>(EgressRefusedException.In(failure)).Message;
    }

    [Fact]
    public async Task writes_down_what_it_lets_out_with_its_private_part()
    {
        var no = _statements.Signed(new SiteDeclined(TestSite.Study, 3, Self, RefusalReason.TooFewRows, ""));
        await Hand(no, "There are fewer than 5 training rows.");
        var entry = Assert.Single(Entries());
        Assert.Equal(("statement", TestSite.Study, 3), (entry.Kind, entry.Study, entry.Round));
        var body = EgressBodies.Read(_site.Directory, entry)!;
        Assert.Equal(entry.Body, Digest.Of(body));
        var sent = Protocol.V1.StatementRequest.Parser.ParseFrom(body.AsSpan(5));
        Assert.Equal("There are fewer than 5 training rows.", PrivateSentence.Read(sent.PrivatePart.Memory));
        Assert.Single(_coordinator.Stated);
    }

    [Fact]
    public async Task sends_nothing_that_it_could_not_write_down()
    {
        Directory.CreateDirectory(Path.Combine(_site.Directory.Egress, EgressLedger.FileName));   // no file can be made there
        var no = _statements.Signed(new SiteDeclined(TestSite.Study, 1, Self, RefusalReason.NoPolicy, ""));
        Assert.Contains("egress ledger cannot be written", await Refused(Hand(no)), StringComparison.Ordinal);
        Assert.Empty(_coordinator.Stated);
    }

    [Fact]
    public async Task lets_a_refusal_out_without_a_policy_but_no_agreement()
    {
        File.Delete(_site.Directory.Policy);
        await Hand(_statements.Signed(new StudyDeclined(TestSite.Study, Self, Manifest.Digest, RefusalReason.NoPolicy, "")));
        Assert.Contains("no policy", await Refused(Hand(_statements.Signed(new SiteConsented(TestSite.Study, 1, Self, Digests("p"), "")))), StringComparison.Ordinal);
        Assert.Contains("no policy", await Refused(Upload(Admitted(Update([1, 2, 3])))), StringComparison.Ordinal);
        Assert.Single(_coordinator.Stated);
        Assert.Equal(0, _coordinator.Puts);
    }

    [Fact]
    public async Task lets_no_blob_out_that_the_sites_own_work_did_not_make() =>
        Assert.Contains("not an update that this site made", await Refused(Upload(Update([1, 2, 3]))), StringComparison.Ordinal);

    [Fact]
    public async Task lets_no_more_bytes_out_than_the_policy_allows() =>
        Assert.Contains("the policy allows 10000", await Refused(Upload(Admitted(Update(new byte[10_001])))), StringComparison.Ordinal);

    [Fact]
    public async Task lets_no_figure_out_that_the_policy_does_not_disclose()
    {
        var update = Admitted(Update([1, 2, 3], new DisclosedFigure(Figure.Loss, 0.5)));
        Assert.Contains("does not disclose 'loss'", await Refused(Hand(update.Statement)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task lets_no_statement_out_in_another_sites_name() =>
        Assert.Contains("own", await Refused(Hand(_statements.Signed(new SiteDeclined(TestSite.Study, 1, B, RefusalReason.NoPolicy, "")))), StringComparison.Ordinal);

    [Fact]
    public async Task lets_nothing_out_that_it_does_not_know()
    {
        Assert.Contains("Nothing of the kind", await Refused(_wire.Blobs.GetAsync(new Uri("/secrets", UriKind.Relative), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Contains("Nothing of the kind", await Refused(_wire.Blobs.PostAsync(
            new Uri("/ca", UriKind.Relative), new ByteArrayContent([1]), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Empty(Entries());
    }

    [Fact]
    public async Task sends_an_update_in_pieces_and_can_show_each_of_them()
    {
        var bytes = Enumerable.Range(0, 9000).Select(i => (byte)i).ToArray();
        await Upload(Admitted(Update(bytes)), piece: 4096);
        Assert.Equal(bytes, _coordinator.Whole.Single().Value);
        var pieces = Entries().Where(e => e.Kind == "blob-piece").ToList();
        Assert.Equal([4096L, 4096, 808], pieces.Select(p => p.Bytes));
        _desk.Updates.Archive(Digest.Of(bytes), Path.Combine(_site.Directory.Root, "update.bin"), keep: 1);
        Assert.Equal(bytes, pieces.SelectMany(p => EgressBodies.Read(_site.Directory, p)!));
    }

    [Fact]
    public async Task goes_on_with_an_upload_where_it_was_cut_and_ignores_what_came_twice()
    {
        var bytes = Enumerable.Range(0, 9000).Select(i => (byte)(i * 7)).ToArray();
        _coordinator.Partial[Digest.Of(bytes)] = bytes[..1000];
        var cut = 0;
        _coordinator.Before = request =>
        {
            if (request.Method != HttpMethod.Put || cut++ != 1) return null;
            // The piece arrives, and its answer is lost: the next try hears 409 and the true offset.
            _coordinator.Partial[Digest.Of(bytes)] = bytes[..5096];
            _coordinator.Before = _ => null;
            return new HttpResponseMessage(HttpStatusCode.Conflict) { Headers = { { Protocol.BlobPaths.UploadOffset, "5096" } } };
        };
        await Upload(Admitted(Update(bytes)), piece: 4096);
        Assert.Equal(bytes, _coordinator.Whole.Single().Value);
    }

    [Fact]
    public async Task gives_up_where_something_on_the_way_changes_the_bytes()
    {
        _coordinator.Before = r => r.Method == HttpMethod.Put ? new HttpResponseMessage(HttpStatusCode.UnprocessableEntity) : null;
        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() => Upload(Admitted(Update([1, 2, 3]))));
        Assert.Contains("3 times", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task gives_up_where_the_coordinator_keeps_nothing_of_what_it_takes()
    {
        _coordinator.Before = r => r.Method == HttpMethod.Put ? new HttpResponseMessage(HttpStatusCode.Accepted) { Headers = { { Protocol.BlobPaths.UploadOffset, "0" } } } : null;
        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() => Upload(Admitted(Update([1, 2, 3]))));
        Assert.Contains("kept nothing", refused.Message, StringComparison.Ordinal);
        Assert.True(Entries().Count(e => e.Kind == "blob-piece") <= 10);
    }

    [Fact]
    public void asks_no_address_that_a_strangers_certificate_names()
    {
        using var authority = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=ca", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256), System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        foreach (var pin in new[] { new PinnedAuthority(authority, null), new PinnedAuthority(null, null) })
        {
            var policy = pin.Options().CertificateChainPolicy!;
            Assert.True(policy.DisableCertificateDownloads);
            Assert.Equal(System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck, policy.RevocationMode);
        }
    }

    private SentUpdate Admitted(SentUpdate update)
    {
        _desk.Updates.Admit(update);
        return update;
    }

    public void Dispose()
    {
        _wire.Dispose();
        _desk.Dispose();
        _coordinator.Dispose();
        _site.Dispose();
    }
}
