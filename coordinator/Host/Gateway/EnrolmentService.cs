using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Grains.Sites;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Grpc.Core;
using Keys = DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The only service without a client certificate: it greets, and turns a one-time token into a certificate.</summary>
internal sealed class EnrolmentService(
    CertificateAuthority authority, CoordinatorSettings settings, FederationKeys keys, EnrolmentLimit limit, IGrainFactory grains, TimeProvider clock,
    ILogger<EnrolmentService> log) : Enrolment.EnrolmentBase
{
    /// <summary>Purpose of the identity's signature over the certificate request.</summary>
    public const string ProofPurpose = "federated.enrolment";

    public override Task<GreetReply> Greet(GreetRequest request, ServerCallContext context) =>
        Task.FromResult(new GreetReply { Version = WireVersion.Negotiate(request.Versions), Software = Software.Name, Federation = settings.Name });

    public override async Task<EnrolReply> Enrol(EnrolRequest request, ServerCallContext context)
    {
        limit.Count(context.GetHttpContext().Connection.RemoteIpAddress);
        WireVersion.Require(request.Version);
        var token = TokenOf(request.Token);
        var key = Requests.KeyOf(request.CertificateRequest);
        var identity = IdentityOf(request);

        var now = clock.GetUtcNow();
        using var fresh = authority.IssueSite(token.Site, key.Key, now, settings.SiteCertificate);
        var outcome = await grains.GetGrain<ISiteGrain>(token.Site.Value).Enrol(token.Digest, identity.ToString(), Requests.Issued(key, fresh));
        var issued = Requests.Granted(outcome);
        log.SiteEnrolled(token.Site.Value);
        return new EnrolReply
        {
            Certificate = ByteString.FromBase64(issued.Der), Authority = ByteString.CopyFrom(authority.Der.AsSpan()), LedgerKey = keys.Ledger.ToString(),
            Federation = settings.Name, NotAfterUnix = issued.NotAfter.ToUnixTimeSeconds(),
        };
    }

    private EnrolmentToken TokenOf(string text)
    {
        try
        {
            var token = EnrolmentToken.Parse(text);
            return token.Authority == authority.Fingerprint
                ? token
                : throw Requests.Invalid("The token was issued by another federation. Check the coordinator's address, or ask its operator for a token of this one.");
        }
        catch (FormatException damaged)
        {
            throw Requests.Invalid(damaged.Message);
        }
    }

    private static Keys.PublicKey IdentityOf(EnrolRequest request)
    {
        if (!Keys.PublicKey.TryParse(request.Identity, out var identity))
            throw Requests.Invalid("The identity is no Ed25519 public key ('ed25519:' and 43 characters). Update the agent.");
        return DetachedSignature.Verify(identity, ProofPurpose, request.CertificateRequest.Span, request.IdentityProof.Span)
            ? identity
            : throw Requests.Invalid("The identity did not sign this certificate request: the agent's identity.key is not the one it names. Enrol from a new site folder.");
    }
}
