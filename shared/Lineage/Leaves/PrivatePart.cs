using System.Collections.Immutable;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>What a leaf commits to without showing: stored beside the ledger, shown to whom it concerns, and erasable. The law never reads it.</summary>
/// <remarks>The commitment is SHA-256(salt || canonical JSON): the salt hides contents that could be guessed, and once both are erased the
/// commitment says nothing any more.</remarks>
public sealed class PrivatePart
{
    /// <summary>Length of the salt in bytes.</summary>
    public const int SaltLength = 32;

    /// <summary>The longest content in bytes (1 MiB).</summary>
    public const int LargestContent = 1 << 20;

    private readonly ImmutableArray<byte> _bytes;

    private PrivatePart(ImmutableArray<byte> bytes) => _bytes = bytes;

    /// <summary>The canonical JSON.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.AsMemory()[SaltLength..];

    /// <summary>What the leaf holds.</summary>
    public Digest Commitment => Digest.Of(_bytes.AsSpan());

    /// <summary>Salts a content from the operating system's randomness.</summary>
    /// <exception cref="FormatException">Not canonical JSON, or longer than 1 MiB.</exception>
    public static PrivatePart Of(ReadOnlyMemory<byte> content) => Decode((byte[])[.. RandomNumberGenerator.GetBytes(SaltLength), .. content.Span]);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">Shorter than a salt, too long, or the content is not canonical JSON.</exception>
    public static PrivatePart Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < SaltLength || bytes.Length > SaltLength + LargestContent)
            throw new FormatException($"A private part has {SaltLength} bytes of salt and at most {LargestContent} of content, not {bytes.Length} in all.");
        CanonicalJson.ParseCanonical(bytes[SaltLength..]).Dispose();
        return new PrivatePart([.. bytes.Span]);
    }

    /// <summary>The salt, then the canonical JSON.</summary>
    public byte[] Encode() => [.. _bytes];

    /// <summary>Whether this is what the leaf committed to.</summary>
    public bool Opens(Leaf leaf) => leaf.Private == Commitment;

    /// <summary>The commitment: the content does not print.</summary>
    public override string ToString() => $"private part {Commitment.Short}";
}
