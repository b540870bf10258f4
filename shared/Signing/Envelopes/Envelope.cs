using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Envelopes;

/// <summary>A signed statement: canonical JSON, the type that says what it means, and one Ed25519 signature over both.</summary>
/// <remarks>
/// DSSE v1 (Dead Simple Signing Envelope): the signature covers PAE(type, payload), so a signature that was given for one purpose is none
/// for another. An envelope says nothing until <see cref="TryOpen"/> has checked it against a key that the reader already trusts.
/// </remarks>
public sealed class Envelope
{
    /// <summary>The longest payload in bytes (1 MiB).</summary>
    public const int LargestPayload = 1 << 20;

    private const int LargestType = 200;
    private readonly ImmutableArray<byte> _payload;
    private readonly ImmutableArray<byte> _signature;

    /// <summary>An envelope as it came over the wire: the form is checked, the signature is not.</summary>
    /// <exception cref="FormatException">The type is not 1 to 200 printable ASCII characters, the payload exceeds 1 MiB, or the signature
    /// has not 64 bytes.</exception>
    public Envelope(string payloadType, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        if (payloadType is not { Length: >= 1 and <= LargestType } || payloadType.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new FormatException($"A payload type is 1 to {LargestType} printable ASCII characters without spaces.");
        if (payload.Length > LargestPayload) throw new FormatException($"A payload has at most {LargestPayload} bytes, not {payload.Length}.");
        if (signature.Length != PublicKey.SignatureLength)
            throw new FormatException($"A signature has {PublicKey.SignatureLength} bytes, not {signature.Length}.");
        (PayloadType, _payload, _signature) = (payloadType, [.. payload], [.. signature]);
    }

    /// <summary>What the payload means, for example <c>application/vnd.dsfed.consent+json</c>.</summary>
    public string PayloadType { get; }

    /// <summary>The payload before anybody checked it; to carry it on, never to act on it.</summary>
    public ReadOnlyMemory<byte> UncheckedPayload => _payload.AsMemory();

    /// <summary>The 64 bytes of the signature.</summary>
    public ReadOnlyMemory<byte> Signature => _signature.AsMemory();

    /// <summary>Signs <paramref name="payload"/> as a statement of the given type.</summary>
    /// <exception cref="FormatException">The payload is not canonical JSON, or a bound of the constructor is broken.</exception>
    public static Envelope Seal(SigningKey key, string payloadType, ReadOnlySpan<byte> payload)
    {
        var unsigned = new Envelope(payloadType, payload, stackalloc byte[PublicKey.SignatureLength]);
        CanonicalJson.ParseCanonical(unsigned.UncheckedPayload).Dispose();
        return new Envelope(payloadType, payload, DetachedSignature.Sign(key, payloadType, payload));
    }

    /// <summary>Gives the payload if, and only if, <paramref name="signer"/> signed it as a statement of this very type and it is canonical JSON.</summary>
    public bool TryOpen(PublicKey signer, string payloadType, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (PayloadType != payloadType) return false;
        if (!DetachedSignature.Verify(signer, PayloadType, _payload.AsSpan(), _signature.AsSpan())) return false;
        if (!IsCanonical(UncheckedPayload)) return false;
        payload = UncheckedPayload;
        return true;
    }

    private static bool IsCanonical(ReadOnlyMemory<byte> payload)
    {
        try
        {
            CanonicalJson.ParseCanonical(payload).Dispose();
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
