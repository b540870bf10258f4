using System.Security.Cryptography;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class An_enrolment(RunningCoordinator coordinator) : IClassFixture<RunningCoordinator>
{
    private readonly Enrolment.EnrolmentClient _stranger = new(coordinator.Channel(null));

    [Fact]
    public async Task makes_a_member_of_whoever_brings_the_token()
    {
        var site = await coordinator.Enrolled("basel");
        var listed = Assert.Single((await coordinator.Admin.ListSitesAsync(new ListSitesRequest())).Sites, s => s.Site == "basel");
        Assert.Equal(("enrolled", site.Identity.Public.ToString()), (listed.State, listed.Identity));
        Assert.Contains(await site.Poll(0), leaf => leaf.Event is Domain.Events.SiteEvent.SiteEnrolled enrolled && enrolled.Site == site.Id);
    }

    [Fact]
    public async Task gives_the_same_request_the_same_answer()
    {
        var request = new TestSite(coordinator, "zurich").EnrolRequest((await coordinator.Invite("zurich")).Disclose());
        var first = await _stranger.EnrolAsync(request);
        Assert.Equal(first, await _stranger.EnrolAsync(request));
    }

    [Fact]
    public async Task consumes_its_token()
    {
        var token = (await coordinator.Invite("genf")).Disclose();
        await new TestSite(coordinator, "genf").Enrol(token);
        var why = await TurnedAway.With(StatusCode.Unauthenticated, () => new TestSite(coordinator, "genf").Enrol(token));
        Assert.Contains("used by another request", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_a_token_that_a_newer_one_replaced_or_nobody_issued()
    {
        var old = (await coordinator.Invite("bern")).Disclose();
        await coordinator.Invite("bern");
        await TurnedAway.With(StatusCode.Unauthenticated, () => new TestSite(coordinator, "bern").Enrol(old));

        var genuine = await coordinator.Invite("thun");
        var forged = EnrolmentToken.Of(new SiteId("thun"), genuine.Expires, genuine.Authority, RandomNumberGenerator.GetBytes(16));
        await TurnedAway.With(StatusCode.Unauthenticated, () => new TestSite(coordinator, "thun").Enrol(forged.Disclose()));
    }

    [Fact]
    public async Task refuses_an_expired_token_by_its_own_clock()
    {
        await using var other = new RunningCoordinator();
        await other.InitializeAsync();
        var token = (await other.Invite("late", TimeSpan.FromMinutes(1))).Disclose();
        other.Clock.Move(TimeSpan.FromMinutes(2));
        Assert.Contains("time is over", await TurnedAway.With(StatusCode.Unauthenticated, () => new TestSite(other, "late").Enrol(token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_a_garbled_token_and_one_of_another_federation()
    {
        var token = await coordinator.Invite("chur");
        Assert.Contains("damaged", await TurnedAway.With(StatusCode.InvalidArgument, () => new TestSite(coordinator, "chur").Enrol(token.Disclose()[..^1])), StringComparison.Ordinal);
        var foreign = EnrolmentToken.Of(new SiteId("chur"), token.Expires, Digest.Of("another CA"u8), new byte[16]).Disclose();
        Assert.Contains("another federation", await TurnedAway.With(StatusCode.InvalidArgument, () => new TestSite(coordinator, "chur").Enrol(foreign)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_a_key_that_is_not_P256_and_an_identity_that_did_not_sign()
    {
        var token = (await coordinator.Invite("olten")).Disclose();
        var site = new TestSite(coordinator, "olten");
        var rsa = site.EnrolRequest(token);
        rsa.CertificateRequest = TestSite.RequestOf(RSA.Create(2048));
        Assert.Contains("P-256", await TurnedAway.With(StatusCode.InvalidArgument, async () => await _stranger.EnrolAsync(rsa)), StringComparison.Ordinal);

        var borrowed = site.EnrolRequest(token);
        borrowed.Identity = new TestSite(coordinator, "other").Identity.Public.ToString();
        Assert.Contains("did not sign", await TurnedAway.With(StatusCode.InvalidArgument, async () => await _stranger.EnrolAsync(borrowed)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task refuses_an_identity_that_another_site_has()
    {
        var first = await coordinator.Enrolled("sion");
        var token = await coordinator.Invite("visp");
        var thief = first.EnrolRequest(token.Disclose());
        await TurnedAway.With(StatusCode.AlreadyExists, async () => await _stranger.EnrolAsync(thief));
    }

    [Fact]
    public async Task may_be_tried_so_often_and_no_more()
    {
        await using var other = new RunningCoordinator();
        await other.InitializeAsync();
        var stranger = new Enrolment.EnrolmentClient(other.Channel(null));
        for (var i = 0; i < EnrolmentLimit.AMinute; i++) await TurnedAway.With(StatusCode.InvalidArgument, async () => await stranger.EnrolAsync(new EnrolRequest { Version = 1 }));
        await TurnedAway.With(StatusCode.ResourceExhausted, async () => await stranger.EnrolAsync(new EnrolRequest { Version = 1 }));
    }

    [Fact]
    public async Task greets_whoever_speaks_its_language_and_tells_others_what_to_update()
    {
        var reply = await _stranger.GreetAsync(new GreetRequest { Versions = { 1, 2, 99 } });
        Assert.Equal((1, "demo"), (reply.Version, reply.Federation));
        Assert.Contains("too new", await TurnedAway.With(StatusCode.FailedPrecondition, async () => await _stranger.GreetAsync(new GreetRequest { Versions = { 7 } })), StringComparison.Ordinal);
        Assert.Contains("Update the agent", await TurnedAway.With(StatusCode.FailedPrecondition, async () => await _stranger.GreetAsync(new GreetRequest())), StringComparison.Ordinal);
        Assert.Contains("too old", await TurnedAway.With(StatusCode.FailedPrecondition, async () => await _stranger.EnrolAsync(new EnrolRequest { Version = 0 })), StringComparison.Ordinal);
    }
}
