using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Grains.Sites;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>What agents call, with a site's certificate.</summary>
internal sealed class AgentsService(
    LeafPages pages, Statements statements, Door door, Connections connections, SiteLimits limits, CertificateAuthority authority, CoordinatorSettings settings,
    IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<AgentsService> log) : Agents.AgentsBase
{
    /// <summary>How long a Watch is silent at most.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>Purpose of the identity's signature over the request for a newer certificate.</summary>
    public const string RenewalPurpose = "federated.renewal";

    private const int LongestWait = 60;

    public override async Task Watch(LeavesRequest request, IServerStreamWriter<LeavesPage> responseStream, ServerCallContext context)
    {
        WireVersion.Require(request.Version);
        var caller = (Caller.OfSite)DoorInterceptor.CallerOf(context);
        limits.CountReading(caller.Site);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var connected = connections.Open(caller.Site);
        log.SiteConnected(caller.Site.Value);
        await context.WriteResponseHeadersAsync([]); // at once, so that the agent knows that it is connected
        var (next, known) = (request.After, request.KnownSize);
        try
        {
            while (true)
            {
                var page = await NextPage(caller, next, known, Heartbeat, ending.Token);
                await responseStream.WriteAsync(page.Message, ending.Token);
                (next, known) = (page.Message.Next, page.Size);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // A stream that ends without an error is dialled again at once: the coordinator is being restarted.
        }
        finally
        {
            log.SiteGone(caller.Site.Value);
        }
    }

    public override async Task<LeavesPage> Poll(LeavesRequest request, ServerCallContext context)
    {
        WireVersion.Require(request.Version);
        if (request.WaitSeconds is < 0 or > LongestWait) throw Requests.Invalid($"wait_seconds is within 0 to {LongestWait}, not {request.WaitSeconds}.");
        var caller = (Caller.OfSite)DoorInterceptor.CallerOf(context);
        limits.CountReading(caller.Site);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var connected = connections.Open(caller.Site);
        return (await NextPage(caller, request.After, request.KnownSize, TimeSpan.FromSeconds(request.WaitSeconds), ending.Token)).Message;
    }

    public override Task<StatementReply> State(StatementRequest request, ServerCallContext context)
    {
        WireVersion.Require(request.Version);
        var caller = (Caller.OfSite)DoorInterceptor.CallerOf(context);
        limits.CountStatement(caller.Site);
        return statements.Record(caller, request, context.CancellationToken);
    }

    public override async Task<RenewReply> Renew(RenewRequest request, ServerCallContext context)
    {
        WireVersion.Require(request.Version);
        var caller = (Caller.OfSite)DoorInterceptor.CallerOf(context);
        limits.CountRenewal(caller.Site);
        var key = Requests.KeyOf(request.CertificateRequest);
        // A certificate alone does not beget the next one: whoever steals it has it until it expires, and cannot push the site's own out.
        if (!DetachedSignature.Verify(PublicKey.Parse(caller.Member.Identity), RenewalPurpose, request.CertificateRequest.Span, request.IdentityProof.Span))
            throw Requests.Invalid("The site's identity did not sign this certificate request. Restore the agent's identity.key, or have the site revoked and invited anew.");
        if (caller.NotAfter - clock.GetUtcNow() > settings.SiteCertificate * 0.75)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"The certificate is good until {caller.NotAfter:u} and was issued just now. If this comes again, check the clock of the agent's machine."));
        using var fresh = authority.IssueSite(caller.Site, key.Key, clock.GetUtcNow(), settings.SiteCertificate);
        var issued = Requests.Granted(await grains.GetGrain<ISiteGrain>(caller.Site.Value).Renew(Requests.Issued(key, fresh)));
        return new RenewReply { Certificate = ByteString.FromBase64(issued.Der), NotAfterUnix = issued.NotAfter.ToUnixTimeSeconds() };
    }

    // Leaves as soon as there are some; after the patience a page without. Ends with a sentence when the caller's certificate does.
    private async Task<LeafPages.Page> NextPage(Caller.OfSite caller, long after, long known, TimeSpan patience, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + patience;
        while (true)
        {
            var page = await pages.Read(caller.Site, after, known, cancellationToken);
            // After the reading: a revocation that is in the page's tree is known at the door.
            if (door.Enter(caller.Certificate, Access.Site) is Entry.Turned turned) throw turned.ToRpcException();
            if (page.Message.Leaves.Count > 0 || clock.GetUtcNow() >= until) return page;
            after = page.Message.Next;
            var wait = (until < caller.NotAfter ? until : caller.NotAfter) - clock.GetUtcNow();
            await pages.WaitBeyond(page.Size, wait, cancellationToken);
        }
    }
}
