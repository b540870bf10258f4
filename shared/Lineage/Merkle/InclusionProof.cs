using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Merkle;

/// <summary>The claim that a leaf stands at a position of a tree, with the hashes that show it.</summary>
/// <param name="Index">Position of the leaf, from 0.</param>
/// <param name="Size">Leaves in the tree.</param>
/// <param name="Path">The hashes beside the way from leaf to root, lowest first; at most 63.</param>
public sealed record InclusionProof(long Index, long Size, ImmutableArray<Digest> Path)
{
    /// <summary>Whether the leaf of this hash stands at <see cref="Index"/> in the tree of this root (RFC 9162, section 2.1.3.2).</summary>
    public bool Verify(Digest leafHash, Digest root)
    {
        if (Index < 0 || Index >= Size || Path.IsDefault) return false;
        var (fn, sn, r) = (Index, Size - 1, leafHash);
        foreach (var p in Path)
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                r = MerkleHash.Node(p, r);
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                r = MerkleHash.Node(r, p);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && r == root;
    }

    /// <summary>Two proofs are the same when they say the same.</summary>
    public bool Equals(InclusionProof? other) =>
        other is not null && Index == other.Index && Size == other.Size && Path.AsSpan().SequenceEqual(other.Path.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Index, Size, Path.Length);
}
