using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>A certificate that was honoured once, and until when.</summary>
internal sealed class CertificateRow
{
    /// <summary>SHA-256 of the certificate, DER.</summary>
    public required Digest Certificate { get; init; }

    /// <summary><c>operator:NAME</c> or <c>site:NAME</c>.</summary>
    public required string Actor { get; init; }

    public string? Role { get; init; }
    public required DateTimeOffset NotAfter { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
}
