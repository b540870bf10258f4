using System.Collections.Immutable;
using System.Numerics;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Merkle;

/// <summary>The claim that one tree is the beginning of another, with the hashes that show it.</summary>
/// <param name="First">Leaves of the earlier tree.</param>
/// <param name="Second">Leaves of the later tree.</param>
/// <param name="Path">The hashes; at most 64.</param>
public sealed record ConsistencyProof(long First, long Second, ImmutableArray<Digest> Path)
{
    /// <summary>Whether the tree of the second root extends the one of the first root (RFC 9162, section 2.1.4.2).</summary>
    /// <remarks>The RFC speaks of 0 &lt; first &lt; second. Here the empty tree (with its own root) is the beginning of every tree, and a tree
    /// is the beginning of itself; both are shown by an empty path.</remarks>
    public bool Verify(Digest firstRoot, Digest secondRoot)
    {
        if (First < 0 || First > Second || Path.IsDefault) return false;
        if (First == Second) return Path.IsEmpty && firstRoot == secondRoot && (First > 0 || firstRoot == MerkleHash.Empty);
        if (First == 0) return Path.IsEmpty && firstRoot == MerkleHash.Empty;
        if (Path.IsEmpty) return false;

        var path = BitOperations.IsPow2(First) ? Path.Insert(0, firstRoot) : Path;
        var (fn, sn) = (First - 1, Second - 1);
        while ((fn & 1) == 1) (fn, sn) = (fn >> 1, sn >> 1);
        var (fr, sr) = (path[0], path[0]);
        foreach (var c in path.AsSpan()[1..])
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                (fr, sr) = (MerkleHash.Node(c, fr), MerkleHash.Node(c, sr));
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                sr = MerkleHash.Node(sr, c);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && fr == firstRoot && sr == secondRoot;
    }

    /// <summary>Two proofs are the same when they say the same.</summary>
    public bool Equals(ConsistencyProof? other) =>
        other is not null && First == other.First && Second == other.Second && Path.AsSpan().SequenceEqual(other.Path.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(First, Second, Path.Length);
}
