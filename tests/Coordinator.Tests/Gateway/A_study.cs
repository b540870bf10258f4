using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage.Blobs;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using static DeepSeek.Federated.Coordinator.Tests.Bench.RunningCoordinator;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;
using Answer = DeepSeek.Federated.Protocol.V1.StatementReply.Types.Answer;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class A_study(RunningCoordinator coordinator) : IClassFixture<RunningCoordinator>
{
    [Fact]
    public async Task goes_from_manifest_to_last_evaluation_over_the_wire()
    {
        TestSite[] sites = [await coordinator.Enrolled("whole-one"), await coordinator.Enrolled("whole-two")];
        var study = new DemoStudy("whole", 2, "whole-one", "whole-two");
        Assert.False((await study.Submit(coordinator.Admin)).AlreadyThere);
        Assert.True((await study.Submit(coordinator.Admin)).AlreadyThere);
        using var watch = coordinator.Admin.WatchStudy(new StudyRequest { Study = "whole" });
        Assert.True(await watch.ResponseStream.MoveNext());
        Assert.Contains("whole-one, whole-two", watch.ResponseStream.Current.WaitingFor, StringComparison.Ordinal);

        foreach (var site in sites) Assert.Equal(Answer.Recorded, (await site.Approve(study.Manifest.Name, study.Manifest.Digest)).Answer);
        Assert.Equal(Answer.AlreadyRecorded, (await sites[0].Approve(study.Manifest.Name, study.Manifest.Digest)).Answer);
        for (var round = 1; round <= 3; round++)
        {
            var opened = await DemoStudy.Opened(sites[0], round);
            for (var i = 0; i < sites.Length; i++) await Report(sites[i], study, opened, i);
        }
        await foreach (var status in watch.ResponseStream.ReadAllAsync())
            if (status.Phase == "completed") Assert.Equal(["revealed", "revealed", "revealed"], status.Rounds.Select(r => r.Outcome));

        var ended = await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = "whole" });
        Assert.Equal(("completed", 3, "evaluation"), (ended.Phase, ended.Versions.Count, ended.Rounds[2].Kind));
        Assert.Equal((20, 16), (ended.Rounds[2].Counts["test.rows"], ended.Rounds[2].Counts["test.correct"]));
        Assert.Equal(["whole-one", "whole-two"], ended.Rounds[0].Used);
        Assert.Contains((await coordinator.Admin.ListStudiesAsync(new ListStudiesRequest())).Studies, s => s.Study == "whole");
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(async () => await coordinator.Admin.StopStudyAsync(new StudyRequest { Study = "whole" }))).StatusCode);
    }

    [Fact]
    public async Task counts_an_update_once_and_only_as_it_was_signed()
    {
        TestSite[] sites = [await coordinator.Enrolled("once-one"), await coordinator.Enrolled("once-two")];
        var study = new DemoStudy("once", 1, "once-one", "once-two");
        var opened = await study.Begin(coordinator.Admin, sites);
        var (update, root) = study.Update(opened);
        await sites[0].Consent(study.Manifest.Name, 1);

        Assert.Contains("not here whole", await TurnedAway.With(StatusCode.FailedPrecondition, () => sites[0].Announce(opened, update, root)), StringComparison.Ordinal);
        await sites[0].Http.SendAsync(Put(update, 0, update.Length));
        Assert.Contains("chunk root", await TurnedAway.With(StatusCode.InvalidArgument, () => sites[0].Announce(opened, update, Digest.Of("x"u8))), StringComparison.Ordinal);
        await TurnedAway.With(StatusCode.FailedPrecondition, () => sites[0].Announce(opened with { BaseVersion = Digest.Of("x"u8) }, update, root));
        Assert.Equal(Answer.Recorded, (await sites[0].Announce(opened, update, root)).Answer);
        Assert.Equal(Answer.AlreadyRecorded, (await sites[0].Announce(opened, update, root)).Answer);

        var other = update.ToArray();
        other[^1] ^= 1;
        await sites[0].Http.SendAsync(Put(other, 0, other.Length));
        using var stream = new MemoryStream(other);
        await TurnedAway.With(StatusCode.AlreadyExists, () => sites[0].Announce(opened, other, Parameters.Protection.ChunkTree.Root(stream)));
        await TurnedAway.With(StatusCode.FailedPrecondition, () => sites[1].Announce(opened, update, root));
    }

    [Fact]
    public async Task goes_on_without_a_site_that_says_more_than_its_rows_allow_or_repeats_another()
    {
        TestSite[] sites = [await coordinator.Enrolled("bounds-one"), await coordinator.Enrolled("bounds-two"), await coordinator.Enrolled("bounds-liar")];
        var study = new DemoStudy("bounds", 1, "bounds-one", "bounds-two", "bounds-liar");
        var opened = await study.Begin(coordinator.Admin, sites);
        var ring = Parameters.Updates.RoundLayout.RingOf(opened, study.Manifest);
        await Report(sites[0], study, opened, 0);
        await sites[2].Consent(study.Manifest.Name, 1);

        // Weight is the first count: its digits stand at 3, 4 and 5, after three values.
        var garbage = Enumerable.Repeat((byte)0xff, (int)ring.BlobLength).ToArray();
        Assert.Contains("does not begin as an update", await Refused(garbage), StringComparison.Ordinal);
        Assert.Contains("larger than", await Refused(With(study.Update(opened, 2).Bytes, 0, 0xff_ff_ff)), StringComparison.Ordinal);
        Assert.Contains("farther than", await Refused(With(study.Update(opened, 2).Bytes, 3, 1)), StringComparison.Ordinal);
        Assert.Contains("cap of 10", await Refused(With(study.Update(opened, 2).Bytes, 5, 1 << 8)), StringComparison.Ordinal);
        Assert.Contains("weight is 0", await Refused(With(study.Update(opened, 2).Bytes, 3, 0)), StringComparison.Ordinal);
        var (copied, root) = study.Update(opened, 0);
        Assert.Contains("Another site", await TurnedAway.With(StatusCode.AlreadyExists, () => sites[2].Announce(opened, copied, root)), StringComparison.Ordinal);

        await sites[2].State(signature => new SiteDeclined(study.Manifest.Name, 1, sites[2].Id, RefusalReason.StewardRefused, signature));
        await Report(sites[1], study, opened, 1);
        await DemoStudy.Opened(sites[0], 2);
        var round = (await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = "bounds" })).Rounds[0];
        Assert.Equal("revealed", round.Outcome);
        Assert.Equal(["bounds-one", "bounds-two"], round.Used);

        async Task<string> Refused(byte[] update)
        {
            using var sent = await sites[2].Http.SendAsync(Put(update, 0, update.Length));
            Assert.Equal(System.Net.HttpStatusCode.Created, sent.StatusCode);
            return await TurnedAway.With(StatusCode.InvalidArgument, () => sites[2].Announce(opened, update, Parameters.Protection.ChunkTree.Root(new MemoryStream(update))));
        }

        byte[] With(byte[] update, int digit, int value)
        {
            var at = Parameters.Updates.UpdateRing.HeaderBytes + digit * ring.BytesPerDigit;
            for (var i = 0; i < ring.BytesPerDigit; i++) update[at + i] = (byte)(value >> (8 * i));
            return update;
        }
    }

    [Fact]
    public async Task answers_a_repeated_announcement_without_its_bytes()
    {
        TestSite[] sites = [await coordinator.Enrolled("again-one"), await coordinator.Enrolled("again-two")];
        var study = new DemoStudy("again", 1, "again-one", "again-two");
        var opened = await study.Begin(coordinator.Admin, sites);
        await Report(sites[0], study, opened, 0);
        var (update, root) = study.Update(opened);
        await coordinator.Services.GetRequiredService<IBlobStore>().Delete(Digest.Of(update), CancellationToken.None);
        Assert.Equal(Answer.AlreadyRecorded, (await sites[0].Announce(opened, update, root)).Answer);
        Assert.Contains("There is no such round", await TurnedAway.With(StatusCode.FailedPrecondition, () => sites[0].Announce(opened with { Round = 2 }, update, root)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task hears_a_site_only_so_often()
    {
        var site = await coordinator.Enrolled("chatty");
        var (heard, after) = (0, StatusCode.OK);
        while (after != StatusCode.ResourceExhausted && ++heard < 5000)
            after = (await Assert.ThrowsAsync<RpcException>(async () => await site.Agents.StateAsync(new StatementRequest { Version = 1, Type = "none" }))).StatusCode;
        Assert.InRange(heard, SiteLimits.StatementsAtOnce, 4999);
        var quiet = await coordinator.Enrolled("quiet");
        await TurnedAway.With(StatusCode.InvalidArgument, async () => await quiet.Agents.StateAsync(new StatementRequest { Version = 1, Type = "none" }));
    }

    [Fact]
    public async Task hears_from_a_site_only_what_the_site_itself_signed()
    {
        TestSite[] sites = [await coordinator.Enrolled("signed-one"), await coordinator.Enrolled("signed-two")];
        var study = new DemoStudy("signed", 1, "signed-one", "signed-two");
        await study.Submit(coordinator.Admin);
        var (name, manifest) = (study.Manifest.Name, study.Manifest.Digest);

        using var stolen = SigningKey.Create();
        var forged = sites[0].Statement(_ => new StudyApproved(name, sites[0].Id, manifest, default, Convert.ToBase64String(new byte[64])));
        Assert.Contains("not signed", await TurnedAway.With(StatusCode.InvalidArgument, async () => await sites[0].Agents.StateAsync(forged)), StringComparison.Ordinal);
        var borrowed = sites[1].Statement(signature => new StudyApproved(name, sites[1].Id, manifest, default, signature));
        await TurnedAway.With(StatusCode.PermissionDenied, async () => await sites[0].Agents.StateAsync(borrowed));
        await TurnedAway.With(StatusCode.FailedPrecondition, () => sites[0].Approve(name, Digest.Of("another manifest"u8)));
        await TurnedAway.With(StatusCode.NotFound, () => sites[0].Approve(new("no-such-study"), manifest));
        await TurnedAway.With(StatusCode.FailedPrecondition, () => sites[0].Consent(name, 9));
        var outsider = await coordinator.Enrolled("signed-outsider");
        await TurnedAway.With(StatusCode.PermissionDenied, () => outsider.Approve(name, manifest));

        Assert.Contains("study-approved", await TurnedAway.With(StatusCode.InvalidArgument, () => Raw("site-invited", "{}")), StringComparison.Ordinal);
        await TurnedAway.With(StatusCode.InvalidArgument, () => Raw("study-approved", "{}"));
        await TurnedAway.With(StatusCode.InvalidArgument, () => Raw("study-approved", "not json"));
        var whisper = sites[0].Statement(signature => new StudyDeclined(name, sites[0].Id, manifest, RefusalReason.StewardRefused, signature));
        whisper.PrivatePart = ByteString.CopyFromUtf8(new string('x', 5000));
        await TurnedAway.With(StatusCode.InvalidArgument, async () => await sites[0].Agents.StateAsync(whisper));
        whisper.PrivatePart = ByteString.CopyFromUtf8("""{"note":"ask again in May"}""");
        Assert.Equal(Answer.Recorded, (await sites[0].Agents.StateAsync(whisper)).Answer);
        var answers = (await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = "signed" })).Answers;
        Assert.Equal(["steward-refused", "none"], answers.Select(a => a.Answer));

        async Task Raw(string type, string body) =>
            await sites[0].Agents.StateAsync(new StatementRequest { Version = 1, Type = type, Body = ByteString.CopyFromUtf8(body) });
    }

    [Fact]
    public async Task with_a_faulty_manifest_is_refused_with_every_fault()
    {
        var json = """{"apiVersion":"federated.deepseek.com/v1","kind":"Study","metadata":{"name":"Bad Name","colour":"red"},"spec":{}}""";
        var manifest = ByteString.CopyFrom(CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(json)));
        var why = await TurnedAway.With(StatusCode.InvalidArgument, async () => await coordinator.Admin.SubmitStudyAsync(new SubmitStudyRequest { Manifest = manifest }));
        foreach (var fault in (string[])["Bad Name", "colour", "purpose", "protection"]) Assert.Contains(fault, why, StringComparison.Ordinal);
        await TurnedAway.With(StatusCode.NotFound, () => new DemoStudy("strangers", 1, "nobody-one", "nobody-two").Submit(coordinator.Admin));
        await TurnedAway.With(StatusCode.NotFound, async () => await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = "no-such-study" }));
        await TurnedAway.With(StatusCode.InvalidArgument, async () => await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = "../etc" }));
    }

    private static async Task Report(TestSite site, DemoStudy study, RoundOpened opened, int number)
    {
        await site.Consent(opened.Study, opened.Round);
        var (update, root) = study.Update(opened, number);
        // Both sites' evaluations are the same: then the second upload finds them there.
        using var sent = await site.Http.SendAsync(Put(update, 0, update.Length));
        Assert.Equal(System.Net.HttpStatusCode.Created, sent.StatusCode);
        Assert.Equal(Answer.Recorded, (await site.Announce(opened, update, root)).Answer);
    }
}
