using System.Collections.Immutable;
using System.Numerics;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Merkle;

/// <summary>The right edge of a tree: the hashes of its largest complete subtrees, which is all that appending needs. Immutable.</summary>
public sealed class Frontier
{
    private readonly ImmutableArray<Digest> _peaks; // one for each set bit of Size, largest subtree first

    private Frontier(long size, ImmutableArray<Digest> peaks) => (Size, _peaks) = (size, peaks);

    /// <summary>The edge of the tree without leaves.</summary>
    public static Frontier Empty { get; } = new(0, []);

    /// <summary>Leaves so far.</summary>
    public long Size { get; }

    /// <summary>The root hash of RFC 6962, section 2.1.</summary>
    public Digest Root
    {
        get
        {
            if (_peaks.IsEmpty) return MerkleHash.Empty;
            var root = _peaks[^1];
            for (var i = _peaks.Length - 2; i >= 0; i--) root = MerkleHash.Node(_peaks[i], root);
            return root;
        }
    }

    /// <summary>The edge of a stored tree; reads one node for each set bit of <paramref name="size"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public static Frontier Load(long size, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var peaks = ImmutableArray.CreateBuilder<Digest>(BitOperations.PopCount((ulong)size));
        for (var level = 62; level >= 0; level--)
        {
            // The subtrees to the left of this one are 2^(level+1) wide and more, so its index is what remains of the size above the level, less one.
            if ((size >> level & 1) == 1) peaks.Add(read(level, (size >> level) - 1));
        }
        return new Frontier(size, peaks.MoveToImmutable());
    }

    /// <summary>Appends leaves in order, O(1) amortised each.</summary>
    /// <param name="leafHashes">Each a <see cref="MerkleHash.Leaf"/>.</param>
    /// <returns>The new edge and every subtree that became complete, the leaves themselves at level 0 included: what a store has to keep.</returns>
    public Growth Append(ReadOnlySpan<Digest> leafHashes)
    {
        var peaks = new Stack<Digest>(_peaks);
        var nodes = ImmutableArray.CreateBuilder<MerkleNode>(2 * leafHashes.Length);
        var size = Size;
        foreach (var leafHash in leafHashes)
        {
            var (hash, index) = (leafHash, size);
            nodes.Add(new MerkleNode(0, index, hash));
            for (var level = 0; (size >> level & 1) == 1; level++)
            {
                (hash, index) = (MerkleHash.Node(peaks.Pop(), hash), index >> 1);
                nodes.Add(new MerkleNode(level + 1, index, hash));
            }
            peaks.Push(hash);
            size = checked(size + 1);
        }
        return new Growth(new Frontier(size, [.. peaks.Reverse()]), nodes.DrainToImmutable());
    }
}

/// <summary>What appending gave.</summary>
/// <param name="Frontier">The new right edge.</param>
/// <param name="Completed">Every subtree that became complete, in the order in which it did.</param>
public readonly record struct Growth(Frontier Frontier, ImmutableArray<MerkleNode> Completed);
