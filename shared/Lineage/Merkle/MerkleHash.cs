using System.Buffers;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Merkle;

/// <summary>The hashes of RFC 6962, section 2.1: leaves and nodes are hashed apart, so that one can never pass for the other.</summary>
public static class MerkleHash
{
    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static Digest Empty => Digest.Of([]);

    /// <summary>SHA-256(0x00 || leaf).</summary>
    public static Digest Leaf(ReadOnlySpan<byte> leaf)
    {
        var rented = ArrayPool<byte>.Shared.Rent(leaf.Length + 1);
        rented[0] = 0;
        leaf.CopyTo(rented.AsSpan(1));
        var hash = Digest.Of(rented.AsSpan(0, leaf.Length + 1));
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static Digest Node(Digest left, Digest right)
    {
        Span<byte> content = stackalloc byte[1 + 2 * Digest.Length];
        content[0] = 1;
        left.CopyTo(content[1..]);
        right.CopyTo(content[(1 + Digest.Length)..]);
        return Digest.Of(content);
    }
}
