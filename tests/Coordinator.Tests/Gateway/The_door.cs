using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class The_door(RunningCoordinator coordinator) : IClassFixture<RunningCoordinator>
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static TheoryData<string> Methods => [.. All.Select(NameOf)];

    private static IEnumerable<MethodDescriptor> All => FederationReflection.Descriptor.Services.SelectMany(s => s.Methods);

    [Fact]
    public void has_a_rule_for_every_method_there_is() =>
        Assert.Equal(All.Select(NameOf).Order(StringComparer.Ordinal), AccessTable.Methods.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task lets_nobody_in_without_a_certificate_but_to_enrol(string method)
    {
        if (AccessTable.Methods[method] is Access.Anyone)
        {
            Assert.StartsWith("/deepseek.federated.v1.Enrolment/", method, StringComparison.Ordinal);
            return;
        }
        Assert.Contains("enrol first", await TurnedAway.With(StatusCode.Unauthenticated, () => Call(null, method)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task lets_sites_and_roles_do_only_what_is_theirs(string method)
    {
        var access = AccessTable.Methods[method];
        if (access is Access.Anyone) return;
        if (access is not Access.Site) await TurnedAway.With(StatusCode.PermissionDenied, async () => await Call(await Site(), method));
        if (!access.Allows(OperatorRole.Auditor)) await TurnedAway.With(StatusCode.PermissionDenied, async () => await Call(await Operator("auditor"), method));
        if (!access.Allows(OperatorRole.Operator)) await TurnedAway.With(StatusCode.PermissionDenied, async () => await Call(await Operator("operator"), method));
    }

    [Fact]
    public async Task lets_each_role_do_what_is_its_own()
    {
        var auditor = new Operators.OperatorsClient(coordinator.Channel(await Operator("auditor")));
        Assert.Equal("demo", (await auditor.DescribeAsync(new DescribeRequest())).Federation);
        var pages = await auditor.ReadLedger(new ReadLedgerRequest()).ResponseStream.ReadAllAsync().ToListAsync();
        Assert.NotEmpty(pages[^1].Checkpoint);
        var operators = new Operators.OperatorsClient(coordinator.Channel(await Operator("operator")));
        Assert.NotEmpty((await operators.InviteAsync(new InviteRequest { Site = "invited-by-operator" })).Token);
    }

    [Fact]
    public async Task turns_away_certificates_of_other_authorities()
    {
        using var other = CertificateAuthority.Found("demo", DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=admin", key, HashAlgorithmName.SHA256);
        using var bare = other.IssueOperator("admin", request.PublicKey, coordinator.Clock.GetUtcNow(), TimeSpan.FromDays(1));
        using var certificate = bare.CopyWithPrivateKey(key);
        var why = await TurnedAway.With(StatusCode.Unauthenticated, () => Call(certificate, "/deepseek.federated.v1.Operators/Describe"));
        Assert.Contains("another coordinator", why, StringComparison.Ordinal);
        using var selfSigned = request.CreateSelfSigned(coordinator.Clock.GetUtcNow() - TimeSpan.FromDays(1), coordinator.Clock.GetUtcNow() + TimeSpan.FromDays(1));
        await TurnedAway.With(StatusCode.Unauthenticated, () => Call(selfSigned, "/deepseek.federated.v1.Operators/Describe"));
    }

    [Fact]
    public async Task turns_away_revoked_sites_and_operators_at_their_next_call()
    {
        var site = await coordinator.Enrolled("to-be-revoked");
        await site.Agents.PollAsync(new LeavesRequest { Version = 1 });
        await coordinator.Admin.RevokeAsync(new RevokeRequest { Site = "to-be-revoked", Reason = "left" });
        var why = await TurnedAway.With(StatusCode.PermissionDenied, async () => await site.Agents.PollAsync(new LeavesRequest { Version = 1 }));
        Assert.Contains("dsfed invite", why, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.GetAsync(BlobPaths.Of(Digest.Of("x"u8)))).StatusCode);

        var former = new Operators.OperatorsClient(coordinator.Channel(await coordinator.Admitted("former", "admin")));
        await former.DescribeAsync(new DescribeRequest());
        await coordinator.Admin.RevokeOperatorAsync(new RevokeOperatorRequest { Operator = "former" });
        await TurnedAway.With(StatusCode.PermissionDenied, async () => await former.DescribeAsync(new DescribeRequest()));
    }

    [Fact]
    public async Task turns_away_expired_certificates_by_its_own_clock_and_renewed_ones_never()
    {
        await using var other = new RunningCoordinator();
        await other.InitializeAsync();
        var (renewing, sleeping) = (await other.Enrolled("renewing"), await other.Enrolled("sleeping"));
        other.Clock.Move(TimeSpan.FromDays(20));
        var old = renewing.Agents;
        var renewed = await renewing.Renew();
        renewing.Use(renewed.Certificate);
        await old.PollAsync(new LeavesRequest { Version = 1 });
        await renewing.Agents.PollAsync(new LeavesRequest { Version = 1 });

        other.Clock.Move(TimeSpan.FromDays(11));
        Assert.Contains("expired", await TurnedAway.With(StatusCode.Unauthenticated, async () => await sleeping.Agents.PollAsync(new LeavesRequest { Version = 1 })), StringComparison.Ordinal);
        await TurnedAway.With(StatusCode.Unauthenticated, async () => await old.PollAsync(new LeavesRequest { Version = 1 }));
        await renewing.Agents.PollAsync(new LeavesRequest { Version = 1 });
    }

    [Fact]
    public async Task renews_for_the_identity_only_and_not_before_its_time()
    {
        await using var other = new RunningCoordinator();
        await other.InitializeAsync();
        var site = await other.Enrolled("robbed");
        Assert.Contains("issued just now", await TurnedAway.With(StatusCode.FailedPrecondition, site.Renew), StringComparison.Ordinal);
        other.Clock.Move(TimeSpan.FromDays(20));
        using var thief = SigningKey.Create();   // who has the certificate and its key, but not the identity
        await TurnedAway.With(StatusCode.InvalidArgument, async () => await site.Agents.RenewAsync(site.RenewRequest(thief)));
        await site.Renew();
    }

    /// <summary>A compressed message is measured before it is inflated: two megabytes of zeros from a stranger would become two gigabytes.</summary>
    [Theory]
    [InlineData("gzip"), InlineData("deflate")]
    public async Task inflates_nothing_for_anybody(string encoding)
    {
        using var body = new MemoryStream();
        body.Write([1, 0, 0, 0, 0]);
        using (Stream squeeze = encoding == "gzip"
            ? new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true)
            : new System.IO.Compression.ZLibStream(body, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            squeeze.Write(new GreetRequest { Software = new string('x', 100_000), Versions = { 1 } }.ToByteArray());
        var bytes = body.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/deepseek.federated.v1.Enrolment/Greet")
        {
            Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(bytes),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("grpc-encoding", encoding);
        request.Headers.Add("te", "trailers");
        using var reply = await coordinator.Http(null).SendAsync(request);
        await reply.Content.ReadAsByteArrayAsync();
        var status = reply.Headers.TryGetValues("grpc-status", out var early) ? early : reply.TrailingHeaders.GetValues("grpc-status");
        Assert.Equal(((int)StatusCode.Unimplemented).ToString(), status.Single());
    }

    [Fact]
    public async Task stands_beside_what_everybody_may_see()
    {
        var stranger = coordinator.Http(null);
        var authority = await stranger.GetByteArrayAsync("/ca");
        Assert.Equal((await coordinator.Invite("ca-reader")).Authority, Digest.Of(authority));
        Assert.Equal("live\n", await stranger.GetStringAsync("/health/live"));
        Assert.Equal("ready\n", await stranger.GetStringAsync("/health/ready"));
    }

    private async Task<X509Certificate2> Site() => (await coordinator.Enrolled($"site-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}")).Certificate;

    private Task<X509Certificate2> Operator(string role) => coordinator.Admitted($"person-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}", role);

    private async Task Call(X509Certificate2? certificate, string method)
    {
        var parts = method.Split('/');
        var invoker = coordinator.Channel(certificate).CreateCallInvoker();
        var streams = All.Single(m => NameOf(m) == method).IsServerStreaming;
        var call = new Method<byte[], byte[]>(streams ? MethodType.ServerStreaming : MethodType.Unary, parts[1], parts[2], Raw, Raw);
        if (streams) await invoker.AsyncServerStreamingCall(call, null, new CallOptions(), []).ResponseStream.MoveNext();
        else await invoker.AsyncUnaryCall(call, null, new CallOptions(), []);
    }

    private static string NameOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}
