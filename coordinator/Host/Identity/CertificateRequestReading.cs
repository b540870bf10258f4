using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Coordinator.Identity;

/// <summary>What reading a certificate request (PKCS #10, DER) gives. Only its key is used: the CA decides every other field.</summary>
internal abstract record CertificateRequestReading
{
    private const int LongestRequest = 4096;
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]; // OBJECT IDENTIFIER 1.2.840.10045.3.1.7

    private CertificateRequestReading() { }

    /// <summary>A P-256 key whose owner signed the request.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Digest">SHA-256 of the key (SPKI, DER).</param>
    public sealed record Sound(PublicKey Key, Digest Digest) : CertificateRequestReading;

    /// <summary>Not one, and why.</summary>
    public sealed record Unsound(string Why) : CertificateRequestReading;

    public static CertificateRequestReading Read(ReadOnlySpan<byte> der)
    {
        if (der.Length is 0 or > LongestRequest) return new Unsound($"it has {der.Length} bytes; a P-256 request has a few hundred");
        try
        {
            // Checks the signature: whoever asks holds the private key.
            var request = CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256, out var read);
            if (read != der.Length) return new Unsound("bytes follow its end");
            var key = request.PublicKey;
            if (key.Oid.Value != EllipticCurve || key.EncodedParameters?.RawData.AsSpan().SequenceEqual(P256) is not true) return new Unsound("its key is not on the curve P-256");
            using var checkedPoint = key.GetECDsaPublicKey();
            return checkedPoint is null ? new Unsound("its key is not on the curve P-256") : new Sound(key, Digest.Of(key.ExportSubjectPublicKeyInfo()));
        }
        catch (Exception broken) when (broken is CryptographicException or NotSupportedException or ArgumentException)
        {
            return new Unsound("it is no PKCS #10 request in DER that its own key signed");
        }
    }
}
