using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Grains;
using DeepSeek.Federated.Grains.Sites;
using Google.Protobuf;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Reading requests and turning answers of grains into replies: what is unsound is thrown as the status that the caller sees.</summary>
internal static class Requests
{
    public static RpcException Invalid(string why) => new(new Status(StatusCode.InvalidArgument, why));

    public static CertificateRequestReading.Sound KeyOf(ByteString request) => CertificateRequestReading.Read(request.Span) switch
    {
        CertificateRequestReading.Sound sound => sound,
        CertificateRequestReading.Unsound(var why) => throw Invalid($"The certificate request is refused: {why}. Make a P-256 key and sign the request with it."),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no reading."),
    };

    public static IssuedCertificate Issued(CertificateRequestReading.Sound request, X509Certificate2 certificate) =>
        new(request.Digest, Convert.ToBase64String(certificate.RawData), NotAfterOf(certificate));

    // X.509 keeps whole seconds; the ledger says exactly what the certificate says.
    public static DateTimeOffset NotAfterOf(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    public static IssuedCertificate Granted(CertificateOutcome outcome) => outcome switch
    {
        CertificateOutcome.Issued(var certificate) => certificate,
        CertificateOutcome.Refused(var why)        => throw why.ToRpcException(),
        _                                          => throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome."),
    };

    /// <summary>True when the same was recorded before.</summary>
    public static bool Accepted(Answer answer) => answer switch
    {
        Answer.Recorded          => false,
        Answer.AlreadyRecorded   => true,
        Answer.Refused(var why)  => throw why.ToRpcException(),
        Answer.Late              => throw new InvalidOperationException("Only updates can be late."),
        _                        => throw new InvalidOperationException($"{answer.GetType().Name} is no answer."),
    };

    public static SiteId SiteOf(string name) =>
        Slug.Is(name) ? new SiteId(name) : throw Invalid($"'{name}' is not a site name: {Slug.Rule}.");

    public static StudyId StudyOf(string name) =>
        Slug.Is(name) ? new StudyId(name) : throw Invalid($"'{name}' is not a study name: {Slug.Rule}.");

    /// <summary>A sentence of a person for the ledger: one line, bounded.</summary>
    public static string ReasonOf(string reason) =>
        reason.Length is 0 ? "not stated"
        : reason.Length <= 300 && !reason.Any(char.IsControl) ? reason
        : throw Invalid("A reason is one line of at most 300 characters.");
}
