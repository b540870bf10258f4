using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using static DeepSeek.Federated.Coordinator.Tests.Bench.RunningCoordinator;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class A_blob(RunningCoordinator coordinator) : IClassFixture<RunningCoordinator>
{
    [Fact]
    public async Task is_uploaded_in_pieces_and_goes_on_where_it_was_cut()
    {
        var (one, _, study, opened) = await Round("pieces");
        var update = study.Update(opened).Bytes;
        await one.Consent(study.Manifest.Name, 1);

        Assert.Equal((HttpStatusCode.NotFound, 0), await Head(one, update));
        using (var half = await one.Http.SendAsync(Put(update, 0, 40))) Assert.Equal((HttpStatusCode.Accepted, 40), (half.StatusCode, Offset(half)));
        Assert.Equal((HttpStatusCode.NotFound, 40), await Head(one, update));
        using (var wrong = await one.Http.SendAsync(Put(update, 60, update.Length))) Assert.Equal((HttpStatusCode.Conflict, 40), (wrong.StatusCode, Offset(wrong)));
        using (var rest = await one.Http.SendAsync(Put(update, 40, update.Length))) Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        using (var again = await one.Http.SendAsync(Put(update, 0, update.Length))) Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal((HttpStatusCode.OK, update.Length), await Head(one, update));
    }

    [Fact]
    public async Task whose_bytes_do_not_match_its_digest_is_discarded()
    {
        var (one, _, study, opened) = await Round("mismatch");
        await one.Consent(study.Manifest.Name, 1);
        var update = study.Update(opened).Bytes;
        var named = Digest.Of("something else"u8);
        using (var bad = await one.Http.SendAsync(Put(update, 0, update.Length, named))) await Problem(bad, HttpStatusCode.UnprocessableEntity, "digest-mismatch");
        using var head = await one.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, BlobPaths.Of(named)));
        Assert.Equal((HttpStatusCode.NotFound, 0), (head.StatusCode, Offset(head)));
    }

    [Fact]
    public async Task is_taken_only_from_participants_and_only_in_the_rounds_length()
    {
        var (one, _, study, opened) = await Round("strict");
        var outsider = await coordinator.Enrolled("strict-outsider");
        var update = study.Update(opened).Bytes;
        using (var early = await one.Http.SendAsync(Put(update, 0, update.Length))) await Problem(early, HttpStatusCode.Conflict, "refusal:consent-missing");
        using (var never = await outsider.Http.SendAsync(Put(update, 0, update.Length))) await Problem(never, HttpStatusCode.Forbidden, "refusal:not-in-cohort");
        await one.Consent(study.Manifest.Name, 1);
        foreach (var length in (int[])[update.Length - 1, update.Length + 1])
        {
            var bytes = new byte[length];
            using var wrong = await one.Http.SendAsync(Put(bytes, 0, length));
            await Problem(wrong, HttpStatusCode.RequestEntityTooLarge, "wrong-length");
        }
        using (var longer = await one.Http.SendAsync(Longer(update))) await Problem(longer, HttpStatusCode.BadRequest, "bad-range");
        using (var none = await coordinator.Http(null).SendAsync(Put(update, 0, update.Length))) await Problem(none, HttpStatusCode.Unauthorized, "turned-away");
        Assert.Equal((HttpStatusCode.NotFound, 0), await Head(one, update));
    }

    [Fact]
    public async Task of_nobody_fills_the_disk()
    {
        var (one, _, study, opened) = await Round("greedy");
        await one.Consent(study.Manifest.Name, 1);
        var length = study.Update(opened).Bytes.Length;
        var junk = Enumerable.Range(0, UploadSlots.ASite + 1).Select(_ => RandomNumberGenerator.GetBytes(length)).ToList();
        foreach (var blob in junk)
            using (var sent = await one.Http.SendAsync(Put(blob, 0, length))) Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Head(one, junk[0])).Status);
        Assert.Equal(HttpStatusCode.OK, (await Head(one, junk[1])).Status);
    }

    [Fact]
    public async Task that_a_late_announcement_names_is_deleted_only_if_that_site_sent_it()
    {
        var (one, two, study, opened) = await Round("late");
        var initial = (VersionPublished)(await one.Poll(0)).Single(e => e.Event is VersionPublished { Round: 0 } v && v.Study == study.Manifest.Name).Event;
        foreach (var site in new[] { one, two }) await site.Consent(study.Manifest.Name, 1);
        await coordinator.Admin.StopStudyAsync(new StudyRequest { Study = study.Manifest.Name.Value });   // the round is over; both are late

        // A site names the published version as its late update: nobody looked at it, and nobody deletes it.
        await one.State(signature => new Domain.Events.RoundEvent.UpdateAccepted(
            opened.Study, 1, opened.Attempt, one.Id, opened.BaseVersion, initial.Snapshot, initial.SnapshotBytes, Digest.Of("root"u8), [], signature));
        using var still = await two.Http.GetAsync(BlobPaths.Of(initial.Snapshot));
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task of_a_version_is_read_by_the_sites_asked_and_by_operators()
    {
        var (one, _, study, _) = await Round("readers");
        var outsider = await coordinator.Enrolled("readers-outsider");
        var status = await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = study.Manifest.Name.Value });
        var path = $"/blobs/{status.Versions[0].Snapshot}";
        var bytes = await one.Http.GetByteArrayAsync(path);
        Assert.Equal((status.Versions[0].Snapshot, status.Versions[0].SnapshotBytes), (Digest.Of(bytes).ToString(), bytes.Length));
        Assert.Equal(bytes, await coordinator.Http(coordinator.AdminCertificate).GetByteArrayAsync(path));
        using var range = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(5, 9) } };
        using (var part = await one.Http.SendAsync(range)) Assert.Equal(bytes[5..10], await part.Content.ReadAsByteArrayAsync());
        using (var hidden = await outsider.Http.GetAsync(path)) await Problem(hidden, HttpStatusCode.NotFound, "blob-not-yours");
    }

    [Fact]
    public async Task of_an_opened_sum_is_read_by_operators_and_auditors_and_by_no_site()
    {
        var (one, two, study, opened) = await Round("sum");
        var updates = new List<Digest>();
        foreach (var (number, site) in ((TestSite[])[one, two]).Index())
        {
            await site.Consent(study.Manifest.Name, 1);
            var (update, root) = study.Update(opened, number);
            using (var sent = await site.Http.SendAsync(Put(update, 0, update.Length))) Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
            await site.Announce(opened, update, root);
            updates.Add(Digest.Of(update));
        }
        var opens = await Revealed(one, 1);
        var auditor = coordinator.Http(await coordinator.Admitted("sum-auditor", "auditor"));
        foreach (var reader in (HttpClient[])[auditor, coordinator.Http(coordinator.AdminCertificate)])
            Assert.Equal(opens.Aggregate, Digest.Of(await reader.GetByteArrayAsync(BlobPaths.Of(opens.Aggregate))));
        using (var hidden = await one.Http.GetAsync(BlobPaths.Of(opens.Aggregate))) await Problem(hidden, HttpStatusCode.NotFound, "blob-not-yours");
        using (var single = await auditor.GetAsync(BlobPaths.Of(updates[0]))) await Problem(single, HttpStatusCode.NotFound, "blob-not-yours");
    }

    [Fact]
    public async Task of_initial_weights_is_taken_from_operators_but_not_from_auditors()
    {
        var weights = RandomNumberGenerator.GetBytes(1000);
        using (var sent = await coordinator.Http(coordinator.AdminCertificate).SendAsync(Put(weights, 0, weights.Length))) Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        using (var huge = await coordinator.Http(coordinator.AdminCertificate).SendAsync(Put(weights, 0, 10, total: BlobRights.LargestWeights + 1)))
            await Problem(huge, HttpStatusCode.RequestEntityTooLarge, "wrong-length");
        using var auditor = await coordinator.Http(await coordinator.Admitted("blob-auditor", "auditor")).SendAsync(Put(weights, 0, weights.Length));
        await Problem(auditor, HttpStatusCode.Forbidden, "turned-away");
    }

    [Fact]
    public async Task without_a_lawful_address_or_range_is_refused()
    {
        var http = coordinator.Http(coordinator.AdminCertificate);
        using (var name = await http.GetAsync("/blobs/ABC")) await Problem(name, HttpStatusCode.BadRequest, "bad-digest");
        using (var none = await http.PutAsync(BlobPaths.Of(Digest.Of("x"u8)), new ByteArrayContent([1]))) await Problem(none, HttpStatusCode.BadRequest, "bad-range");
        var piece = new byte[WireLimits.UploadPieceBytes + 1];
        using var request = Put(piece, 0, piece.Length);
        request.Headers.ExpectContinue = true; // otherwise the answer meets a client that is still sending
        using var large = await http.SendAsync(request);
        await Problem(large, HttpStatusCode.RequestEntityTooLarge, "piece-too-large");
    }

    private async Task<(TestSite One, TestSite Two, DemoStudy Study, RoundOpened Opened)> Round(string name)
    {
        var (one, two) = (await coordinator.Enrolled($"{name}-one"), await coordinator.Enrolled($"{name}-two"));
        var study = new DemoStudy(name, 1, one.Id.Value, two.Id.Value);
        return (one, two, study, await study.Begin(coordinator.Admin, one, two));
    }

    private static async Task<AggregateRevealed> Revealed(TestSite site, int round)
    {
        for (var after = 0L; ;)
        {
            var seen = await site.Poll(after);
            if (seen.Select(e => e.Event).OfType<AggregateRevealed>().FirstOrDefault(e => e.Round == round) is { } opens) return opens;
            after = seen[^1].Index + 1;
        }
    }

    private static HttpRequestMessage Longer(byte[] update)
    {
        var request = Put(update, 0, update.Length);
        request.Content = new ByteArrayContent([.. update, 0]) { Headers = { ContentRange = new ContentRangeHeaderValue(0, update.Length - 1, update.Length) } };
        return request;
    }

    private static async Task<(HttpStatusCode Status, long Length)> Head(TestSite site, byte[] blob)
    {
        using var head = await site.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, BlobPaths.Of(Digest.Of(blob))));
        return (head.StatusCode, head.IsSuccessStatusCode ? head.Content.Headers.ContentLength ?? -1 : Offset(head));
    }

    private static long Offset(HttpResponseMessage response) => long.Parse(Assert.Single(response.Headers.GetValues(BlobPaths.UploadOffset)));

    private static async Task Problem(HttpResponseMessage response, HttpStatusCode status, string type)
    {
        Assert.Equal(status, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"urn:deepseek-federated:{type}", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
    }
}
