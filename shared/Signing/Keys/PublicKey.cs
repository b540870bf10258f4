using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using DeepSeek.Federated.Domain.Encoding;
using Ed = NSec.Cryptography;

namespace DeepSeek.Federated.Signing.Keys;

/// <summary>An Ed25519 public key (RFC 8032): who a signature is from. Written as <c>ed25519:</c> and 43 characters of base64url.</summary>
/// <remarks><c>default</c> is 32 zero bytes, a point of small order: no signature verifies under it.</remarks>
public readonly record struct PublicKey
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureLength = 64;

    private const string Prefix = "ed25519:";

    private readonly UInt128 _first, _second;

    /// <summary>Takes over the 32 bytes of RFC 8032, section 5.1.5.</summary>
    /// <exception cref="ArgumentException">Not exactly 32 bytes.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException($"An Ed25519 public key has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>SHA-256 of the 32 bytes: what people compare and what a roster holds.</summary>
    public Digest Fingerprint => Digest.Of(ToArray());

    /// <summary>Whether this key's owner signed exactly <paramref name="message"/>. False for any other length than 64 bytes.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureLength
        && Ed.PublicKey.TryImport(Ed.SignatureAlgorithm.Ed25519, ToArray(), Ed.KeyBlobFormat.RawPublicKey, out var key)
        && Ed.SignatureAlgorithm.Ed25519.Verify(key!, message, signature);

    /// <summary>Reads the text form; another spelling of the same key (padding, spare bits) is none.</summary>
    public static bool TryParse(string? text, out PublicKey key)
    {
        key = default;
        if (text is null || text.Length != Prefix.Length + 43 || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        Span<byte> bytes = stackalloc byte[Length];
        if (Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), bytes, out _, out var written) != OperationStatus.Done || written != Length) return false;
        var read = new PublicKey(bytes);
        if (read.ToString() != text) return false;
        key = read;
        return true;
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static PublicKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("A public key is 'ed25519:' followed by 43 characters of base64url.");

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), _second);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString() => Prefix + Base64Url.EncodeToString(ToArray());
}
