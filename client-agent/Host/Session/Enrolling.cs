using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Signing.Rosters;
using Google.Protobuf;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Makes a site of an empty folder: its own identity, a pinned CA, a first certificate. May be cut off anywhere and run again with the same token.</summary>
public sealed class Enrolling(SiteDirectory directory, TimeProvider clock)
{
    /// <summary>Purpose of the identity's signature over the certificate request.</summary>
    public const string ProofPurpose = "federated.enrolment";

    private static string Software => $"agent {typeof(Enrolling).Assembly.GetName().Version?.ToString(3)}";

    /// <exception cref="SiteFaultException">The token, the folder or the coordinator is not right; the message names the mend.</exception>
    public async Task<SiteSettings> Enrol(Uri url, EnrolmentToken token, string? proxy, long? seed, CancellationToken cancellationToken)
    {
        directory.Create();
        if (directory.IsEnrolled) return Already(token);
        if (clock.GetUtcNow() >= token.Expires) throw new SiteFaultException($"The token expired at {token.Expires:u}. Ask for a new one: dsfed invite {token.Site}");
        using var identity = Identity();
        SiteSeed.Ensure(directory, token.Site, seed);
        var (request, key) = Request(token);
        using var ownKey = key;

        using var ledger = new EgressLedger(directory.Egress, clock);
        using var desk = new EgressDesk(ledger, new PolicyFile(directory.Policy), new EventCatalog(), token.Site, clock);
        using var authority = await FetchAuthority(desk, url, proxy, token, cancellationToken);
        using var wire = Wire.Dial(desk, url, proxy, authority, null);
        var greeting = await Call(wire, () => wire.Enrolment.GreetAsync(Greeting(), cancellationToken: cancellationToken).ResponseAsync);
        var reply = await Call(wire, () => wire.Enrolment.EnrolAsync(
            new EnrolRequest
            {
                Version = greeting.Version,
                Token = token.Disclose(),
                CertificateRequest = ByteString.CopyFrom(request),
                Identity = identity.Public.ToString(),
                IdentityProof = ByteString.CopyFrom(DetachedSignature.Sign(identity, ProofPurpose, request)),
            }, cancellationToken: cancellationToken).ResponseAsync);

        if (!reply.Authority.Span.SequenceEqual(authority.RawData)) throw new SiteFaultException("The coordinator named another CA than the token does. Nothing was changed; ask its operators.");
        var settings = new SiteSettings(token.Site, url.ToString().TrimEnd('/'), reply.Federation, Signing.Keys.PublicKey.Parse(reply.LedgerKey).ToString(), proxy);
        DurableFile.Write(directory.Authority, System.Text.Encoding.ASCII.GetBytes(authority.ExportCertificatePem() + "\n"));
        ConnectionCertificate.Save(directory, reply.Certificate.Span, key);
        if (!File.Exists(directory.Roster))
            DurableFile.Write(directory.Roster, RosterDocument.Write(Roster.Empty.With(new RosterEntry(token.Site, identity.Public.Fingerprint, ["this site itself"]))));
        settings.Save(directory);   // last: it marks a finished enrolment
        File.Delete(directory.EnrolmentRequest);
        return settings;
    }

    private SiteSettings Already(EnrolmentToken token)
    {
        var settings = SiteSettings.Load(directory);
        return settings.Site == token.Site
            ? settings
            : throw new SiteFaultException($"'{directory.Root}' is the site '{settings.Site}' already; the token is for '{token.Site}'. Take an empty folder: --dir");
    }

    private SigningKey Identity()
    {
        if (!File.Exists(directory.Identity))
        {
            using var made = SigningKey.Create();
            made.Save(directory.Identity);
        }
        return SigningKey.Load(directory.Identity);
    }

    // The same token again must bring the same request: ECDSA signs differently every time, so the signed bytes are kept.
    private (byte[] Request, ECDsa Key) Request(EnrolmentToken token)
    {
        if (File.Exists(directory.EnrolmentRequest))
        {
            var kept = StrictJson.Read<PendingEnrolment>(directory.EnrolmentRequest, "Remove the file and ask for a new token.");
            if (kept.Token == token.Digest)
            {
                var again = ECDsa.Create();
                again.ImportFromPem(kept.Key);
                return (Convert.FromBase64String(kept.Request), again);
            }
        }
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = ConnectionCertificate.Request(token.Site, key);
        StrictJson.Write(directory.EnrolmentRequest, new PendingEnrolment(token.Digest, Convert.ToBase64String(request), key.ExportPkcs8PrivateKeyPem()));
        return (request, key);
    }

    private static async Task<X509Certificate2> FetchAuthority(EgressDesk desk, Uri url, string? proxy, EnrolmentToken token, CancellationToken cancellationToken)
    {
        using var stranger = Wire.DialUnknown(desk, url, proxy);
        var der = await Call(stranger, async () =>
        {
            using var reply = await stranger.Blobs.GetAsync(new Uri("/ca", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            reply.EnsureSuccessStatusCode();
            var bytes = new byte[64 * 1024];
            await using var body = await reply.Content.ReadAsStreamAsync(cancellationToken);
            return bytes[..await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)];
        });
        return Digest.Of(der) == token.Authority
            ? X509CertificateLoader.LoadCertificate(der)
            : throw new SiteFaultException("The server does not have the CA that the token names: the address is wrong, or a proxy that opens TLS stands between. "
                + "Check the URL with the federation's operators; ask the network's people to let this host through without inspection.");
    }

    private static GreetRequest Greeting()
    {
        var greeting = new GreetRequest { Software = Software };
        greeting.Versions.AddRange(Enumerable.Range(ProtocolVersion.Oldest, ProtocolVersion.Current - ProtocolVersion.Oldest + 1));
        return greeting;
    }

    private static async Task<T> Call<T>(Wire wire, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (Trouble.Of(failure, wire) is { } trouble)
        {
            throw trouble is Trouble.Passing
                ? new UnreachableCoordinatorException($"{trouble.Sentence} Run the same command again: it goes on where it was.", failure)
                : new SiteFaultException($"The coordinator refused the enrolment: {trouble.Sentence}", failure);
        }
    }

    private sealed record PendingEnrolment(Digest Token, string Request, string Key);
}

/// <summary>There is no way to the coordinator at the moment.</summary>
public sealed class UnreachableCoordinatorException(string message, Exception cause) : Exception(message, cause);
