using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>A site that a test moves by hand.</summary>
internal sealed class TestSite(RunningCoordinator coordinator, string name)
{
    internal static readonly EventCatalog Catalog = new();

    public SiteId Id { get; } = new(name);

    public SigningKey Identity { get; } = SigningKey.Create();

    public ECDsa ConnectionKey { get; private set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public X509Certificate2 Certificate { get; private set; } = null!;

    public Agents.AgentsClient Agents { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async Task<EnrolReply> Enrol(string token)
    {
        var reply = await new Enrolment.EnrolmentClient(coordinator.Channel(null)).EnrolAsync(EnrolRequest(token));
        Use(reply.Certificate);
        return reply;
    }

    public EnrolRequest EnrolRequest(string token)
    {
        var request = RequestOf(ConnectionKey);
        return new EnrolRequest
        {
            Version = ProtocolVersion.Current, Token = token, CertificateRequest = request, Identity = Identity.Public.ToString(),
            IdentityProof = ByteString.CopyFrom(DetachedSignature.Sign(Identity, EnrolmentService.ProofPurpose, request.Span)),
        };
    }

    public async Task<RenewReply> Renew()
    {
        ConnectionKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await Agents.RenewAsync(RenewRequest(Identity));
    }

    public RenewRequest RenewRequest(SigningKey signer)
    {
        var request = RequestOf(ConnectionKey);
        return new RenewRequest
        {
            Version = ProtocolVersion.Current, CertificateRequest = request, IdentityProof = ByteString.CopyFrom(DetachedSignature.Sign(signer, AgentsService.RenewalPurpose, request.Span)),
        };
    }

    public void Use(ByteString certificate)
    {
        using var bare = X509CertificateLoader.LoadCertificate(certificate.Span);
        Certificate = bare.CopyWithPrivateKey(ConnectionKey);
        Agents = new Agents.AgentsClient(coordinator.Channel(Certificate));
        Http = coordinator.Http(Certificate);
    }

    public Task<StatementReply> Approve(StudyId study, Digest manifest) =>
        State(signature => new StudyApproved(study, Id, manifest, Digest.Of("policy"u8), signature));

    public Task<StatementReply> Consent(StudyId study, int round) =>
        State(signature => new SiteConsented(study, round, Id, Digest.Of("policy"u8), signature));

    public Task<StatementReply> Announce(RoundOpened round, byte[] update, Digest chunkRoot) =>
        State(signature => new UpdateAccepted(round.Study, round.Round, round.Attempt, Id, round.BaseVersion, Digest.Of(update), update.Length, chunkRoot, [], signature));

    public async Task<StatementReply> State(Func<string, LedgerEvent> say) => await Agents.StateAsync(Statement(say));

    public StatementRequest Statement(Func<string, LedgerEvent> say)
    {
        var signed = say(SiteStatement.Sign(Catalog, say(""), Identity));
        return new StatementRequest { Version = ProtocolVersion.Current, Type = Catalog.TypeOf(signed).Name, Body = ByteString.CopyFrom(Catalog.Encode(signed)) };
    }

    /// <summary>The events that the site sees from a leaf on; waits until there are some.</summary>
    public async Task<ImmutableArray<RecordedEvent>> Poll(long after)
    {
        var page = await Agents.PollAsync(new LeavesRequest { Version = ProtocolVersion.Current, After = after, WaitSeconds = 30 });
        return [.. page.Leaves.Select(l => Catalog.FromLeaf(Leaf.Decode(l.Leaf.Memory), l.Index))];
    }

    public static ByteString RequestOf(AsymmetricAlgorithm key) => ByteString.CopyFrom((key switch
    {
        ECDsa ec => new CertificateRequest("CN=whatever it says", ec, HashAlgorithmName.SHA256),
        RSA rsa => new CertificateRequest("CN=whatever it says", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => throw new ArgumentException("Unknown kind of key.", nameof(key)),
    }).CreateSigningRequest());
}
