using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Grains.Members;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Asked by every request: TLS proved that the caller holds a key; whether the certificate counts, and for what, is decided here and now.</summary>
/// <remarks>The handshake lets every certificate through, so that a caller reads a sentence with the mend instead of a TLS alert.</remarks>
internal sealed class Door(Membership membership, CertificateAuthority authority, TimeProvider clock)
{
    // One certificate object a connection: the chain is built once, the rest is asked anew for every request.
    private readonly ConditionalWeakTable<X509Certificate2, object> _issuedHere = [];

    /// <param name="certificate">What the caller showed; null when nothing.</param>
    /// <param name="access">Who may.</param>
    /// <param name="sitesToo">Whether sites may as well as the operators that <paramref name="access"/> names.</param>
    public Entry Enter(X509Certificate2? certificate, Access access, bool sitesToo = false)
    {
        if (certificate is null)
            return new Entry.Turned(StatusCode.Unauthenticated, "A client certificate is needed: enrol first (`agent enroll URL TOKEN`), or name your profile (`dsfed --profile DIR`).");
        if (!IssuedHere(certificate))
            return new Entry.Turned(StatusCode.Unauthenticated, "The certificate was not issued by this federation's CA: it belongs to another coordinator. Check the address, or enrol here.");
        return Enter(Digest.Of(certificate.RawData), access, sitesToo);
    }

    /// <summary>The same question for a stream that is open already.</summary>
    public Entry Enter(Digest certificate, Access access, bool sitesToo = false)
    {
        Caller? caller = membership.SiteOf(certificate) is { } member ? new Caller.OfSite(certificate, member)
            : membership.OperatorOf(certificate) is { } admitted ? new Caller.OfOperator(certificate, admitted)
            : null;
        return caller switch
        {
            null => new Entry.Turned(StatusCode.PermissionDenied,
                "The certificate is not honoured any more: it was replaced or its owner was revoked. Ask the operator for a new invitation (`dsfed invite`)."),
            _ when clock.GetUtcNow() >= caller.NotAfter => new Entry.Turned(StatusCode.Unauthenticated,
                $"The certificate expired on {caller.NotAfter:u}. If the clock of your machine is right, {AfterExpiry(caller)}"),
            Caller.OfSite when sitesToo || access is Access.Site or Access.Anyone => new Entry.Admitted(caller),
            Caller.OfSite => new Entry.Turned(StatusCode.PermissionDenied, "This is for operators; the certificate is a site's. Use `dsfed` with an operator's profile."),
            Caller.OfOperator o when access.Allows(o.Admitted.Role) => new Entry.Admitted(caller),
            Caller.OfOperator when access is Access.Site =>
                new Entry.Turned(StatusCode.PermissionDenied, "This is for sites; the certificate is an operator's. Use an agent that was enrolled with a token."),
            _ => new Entry.Turned(StatusCode.PermissionDenied, $"Your role does not allow this: it needs the role {Need(access)}. Ask an admin (`dsfed operator admit`)."),
        };
    }

    private static string AfterExpiry(Caller caller) => caller is Caller.OfOperator
        ? "ask an admin to admit you anew (`dsfed operator admit`); the last admin is admitted at the coordinator's own machine (`coordinator operator admit`)."
        : "ask the operator to revoke and invite the site anew.";

    private bool IssuedHere(X509Certificate2 certificate) =>
        (bool)_issuedHere.GetValue(certificate, presented => authority.Issued(presented, clock.GetUtcNow()));

    private static string Need(Access access) => access is Access.Admin ? "admin" : "operator or admin";
}
