using System.Security.Cryptography;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Grains.Members;
using DeepSeek.Federated.Grains.Operators;
using DeepSeek.Federated.Grains.Sites;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>What operators call. Roles were checked at the door.</summary>
internal sealed class OperatorsService(
    CertificateAuthority authority, CoordinatorSettings settings, Membership membership, Connections connections, StudyDesk studies, LedgerDesk ledger,
    ErasureDesk erasures, IGrainFactory grains, TimeProvider clock, ILogger<OperatorsService> log) : Operators.OperatorsBase
{
    private static readonly TimeSpan Invitation = TimeSpan.FromDays(1), LongestInvitation = TimeSpan.FromDays(30);

    public override async Task<InviteReply> Invite(InviteRequest request, ServerCallContext context)
    {
        var site = Requests.SiteOf(request.Site);
        if (request.ValidSeconds < 0 || request.ValidSeconds > LongestInvitation.TotalSeconds)
            throw Requests.Invalid($"A token is valid for 1 to {LongestInvitation.TotalSeconds} seconds (30 days), not {request.ValidSeconds}.");
        var valid = request.ValidSeconds == 0 ? Invitation : TimeSpan.FromSeconds(request.ValidSeconds);
        var secret = RandomNumberGenerator.GetBytes(EnrolmentToken.SecretBytes);
        var token = EnrolmentToken.Of(site, clock.GetUtcNow() + valid, authority.Fingerprint, secret);
        Requests.Accepted(await grains.GetGrain<ISiteGrain>(site.Value).Invite(token.Digest, token.Expires, Actor(context)));
        return new InviteReply { Token = token.Disclose(), ExpiresUnix = token.Expires.ToUnixTimeSeconds() };
    }

    public override async Task<Done> Revoke(RevokeRequest request, ServerCallContext context)
    {
        var site = Requests.SiteOf(request.Site);
        Requests.Accepted(await grains.GetGrain<ISiteGrain>(site.Value).Revoke(Requests.ReasonOf(request.Reason), Actor(context)));
        return new Done();
    }

    public override Task<ListSitesReply> ListSites(ListSitesRequest request, ServerCallContext context)
    {
        var reply = new ListSitesReply();
        reply.Sites.AddRange(membership.Sites.Select(site => StatusOf(site.Key, site.Value)));
        return Task.FromResult(reply);
    }

    public override Task<SubmitStudyReply> SubmitStudy(SubmitStudyRequest request, ServerCallContext context) =>
        studies.Submit(request.Manifest, (Caller.OfOperator)DoorInterceptor.CallerOf(context));

    public override async Task<Done> StopStudy(StudyRequest request, ServerCallContext context)
    {
        await studies.Stop(Requests.StudyOf(request.Study), Actor(context));
        return new Done();
    }

    public override Task<StudyStatus> GetStudy(StudyRequest request, ServerCallContext context) => studies.Status(Requests.StudyOf(request.Study));

    public override Task WatchStudy(StudyRequest request, IServerStreamWriter<StudyStatus> responseStream, ServerCallContext context) =>
        studies.Watch(Requests.StudyOf(request.Study), DoorInterceptor.CallerOf(context), responseStream, context.CancellationToken);

    public override Task<ListStudiesReply> ListStudies(ListStudiesRequest request, ServerCallContext context) => studies.List();

    public override Task ReadLedger(ReadLedgerRequest request, IServerStreamWriter<LedgerPage> responseStream, ServerCallContext context) =>
        ledger.Read(request.From, responseStream, context.CancellationToken);

    public override async Task<AdmitOperatorReply> AdmitOperator(AdmitOperatorRequest request, ServerCallContext context)
    {
        if (!Slug.Is(request.Operator)) throw Requests.Invalid($"'{request.Operator}' is not an operator's name: {Slug.Rule}.");
        if (!Words.TryParse<OperatorRole>(request.Role, out var role)) throw Requests.Invalid($"'{request.Role}' is not a role. Known: {Words.All<OperatorRole>()}.");
        var key = Requests.KeyOf(request.CertificateRequest);
        using var certificate = authority.IssueOperator(request.Operator, key.Key, clock.GetUtcNow(), settings.OperatorCertificate);
        var notAfter = Requests.NotAfterOf(certificate);
        Requests.Accepted(await grains.GetGrain<IFederationGrain>(0).Admit(request.Operator, role, Digest.Of(certificate.RawData), notAfter, Actor(context)));
        return new AdmitOperatorReply { Certificate = ByteString.CopyFrom(certificate.RawData), NotAfterUnix = notAfter.ToUnixTimeSeconds() };
    }

    public override async Task<Done> RevokeOperator(RevokeOperatorRequest request, ServerCallContext context)
    {
        Requests.Accepted(await grains.GetGrain<IFederationGrain>(0).Revoke(request.Operator, Requests.ReasonOf(request.Reason), Actor(context)));
        return new Done();
    }

    public override async Task<RenewOperatorReply> RenewOperator(RenewOperatorRequest request, ServerCallContext context)
    {
        var who = ((Caller.OfOperator)DoorInterceptor.CallerOf(context)).Admitted.Operator;
        var key = Requests.KeyOf(request.CertificateRequest);
        using var certificate = authority.IssueOperator(who, key.Key, clock.GetUtcNow(), settings.OperatorCertificate);
        var notAfter = Requests.NotAfterOf(certificate);
        Requests.Accepted(await grains.GetGrain<IFederationGrain>(0).Renew(who, Digest.Of(certificate.RawData), notAfter));
        log.OperatorRenewed(who);
        return new RenewOperatorReply { Certificate = ByteString.CopyFrom(certificate.RawData), NotAfterUnix = notAfter.ToUnixTimeSeconds() };
    }

    public override async Task<ErasePrivatePartReply> ErasePrivatePart(ErasePrivatePartRequest request, ServerCallContext context) =>
        new() { AlreadyErased = await erasures.Erase(request.Leaf, Requests.ReasonOf(request.Reason), Actor(context), context.CancellationToken) };

    public override Task<DescribeReply> Describe(DescribeRequest request, ServerCallContext context) => Task.FromResult(ledger.Describe());

    private SiteStatus StatusOf(SiteId site, SiteState state)
    {
        var status = new SiteStatus { Site = site.Value, Connected = connections.Has(site) };
        switch (state)
        {
            case SiteState.Invited: status.State = "invited"; break;
            case SiteState.Revoked: status.State = "revoked"; break;
            case SiteState.Enrolled member:
                (status.State, status.Identity, status.CertificateNotAfterUnix) =
                    ("enrolled", member.Identity, member.Certificates[^1].NotAfter.ToUnixTimeSeconds());
                break;
            default: throw new InvalidOperationException($"Site {site} is listed, but {state.GetType().Name}.");
        }
        return status;
    }

    private static string Actor(ServerCallContext context) => ((Caller.OfOperator)DoorInterceptor.CallerOf(context)).Actor;
}
