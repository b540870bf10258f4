using System.Text;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Envelopes;

/// <summary>An Ed25519 signature over bytes that travel elsewhere, bound to one purpose by DSSE's pre-authentication encoding.</summary>
public static class DetachedSignature
{
    /// <summary>The 64 bytes of the signature over PAE(<paramref name="purpose"/>, <paramref name="message"/>).</summary>
    public static byte[] Sign(SigningKey key, string purpose, ReadOnlySpan<byte> message) => key.Sign(PreAuthenticationEncoding(purpose, message));

    /// <summary>Whether <paramref name="signer"/> signed these very bytes for this very purpose.</summary>
    public static bool Verify(PublicKey signer, string purpose, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signer.Verify(PreAuthenticationEncoding(purpose, message), signature);

    /// <summary>PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body, lengths in decimal (DSSE v1).</summary>
    public static byte[] PreAuthenticationEncoding(string purpose, ReadOnlySpan<byte> message)
    {
        var head = Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(purpose)} {purpose} {message.Length} ");
        return [.. head, .. message];
    }
}
