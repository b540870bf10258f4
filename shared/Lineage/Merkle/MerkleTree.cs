using System.Collections.Immutable;
using System.Numerics;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Merkle;

/// <summary>Gives the hash of a complete subtree: the one over the 2^level leaves from index·2^level on; level 0 are the leaf hashes.</summary>
/// <param name="level">0 to 62.</param>
/// <param name="index">Position among the subtrees of that level, from 0.</param>
public delegate Digest NodeReader(int level, long index);

/// <summary>A complete subtree, which no later leaf can change.</summary>
/// <param name="Level">Height: it covers 2^Level leaves.</param>
/// <param name="Index">Position among the subtrees of that level, from 0.</param>
/// <param name="Hash">Its hash.</param>
public readonly record struct MerkleNode(int Level, long Index, Digest Hash);

/// <summary>Roots and proofs of RFC 6962 trees whose complete subtrees are stored. Everything here reads O(log n) nodes.</summary>
public static class MerkleTree
{
    /// <summary>The root of the first <paramref name="size"/> leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public static Digest Root(long size, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? MerkleHash.Empty : Subtree(0, size, read);
    }

    /// <summary>The proof that leaf <paramref name="index"/> is in the tree of the first <paramref name="size"/> leaves (RFC 9162, 2.1.3.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ index &lt; size.</exception>
    public static InclusionProof ProveInclusion(long index, long size, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = ImmutableArray.CreateBuilder<Digest>();
        var (begin, length) = (0L, size);
        while (length > 1)
        {
            var left = LargestPowerBelow(length);
            if (index < begin + left)
            {
                path.Add(Subtree(begin + left, length - left, read));
                length = left;
            }
            else
            {
                path.Add(Subtree(begin, left, read));
                (begin, length) = (begin + left, length - left);
            }
        }
        path.Reverse();
        return new InclusionProof(index, size, path.DrainToImmutable());
    }

    /// <summary>The proof that the tree of <paramref name="second"/> leaves extends the one of <paramref name="first"/> (RFC 9162, 2.1.4.1).
    /// It is empty when the first has no leaves or both are the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ first ≤ second.</exception>
    public static ConsistencyProof ProveConsistency(long first, long second, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        var path = ImmutableArray.CreateBuilder<Digest>();
        var (begin, length, old, known) = (0L, second, first, true);
        // SUBPROOF(m, D[n], b) of the RFC, its recursion turned into a loop: `known` is b, whether the verifier has this subtree's hash.
        while (first > 0 && old < length)
        {
            var left = LargestPowerBelow(length);
            if (old <= left)
            {
                path.Add(Subtree(begin + left, length - left, read));
                length = left;
            }
            else
            {
                path.Add(Subtree(begin, left, read));
                (begin, length, old, known) = (begin + left, length - left, old - left, false);
            }
        }
        if (!known) path.Add(Subtree(begin, length, read));
        path.Reverse();
        return new ConsistencyProof(first, second, path.DrainToImmutable());
    }

    // `begin` is a multiple of the smallest power of two ≥ length wherever the RFC's recursion comes by, so complete subtrees are stored ones.
    private static Digest Subtree(long begin, long length, NodeReader read)
    {
        if (BitOperations.IsPow2(length))
        {
            var level = BitOperations.TrailingZeroCount(length);
            return read(level, begin >> level);
        }
        var left = LargestPowerBelow(length);
        return MerkleHash.Node(Subtree(begin, left, read), Subtree(begin + left, length - left, read));
    }

    /// <summary>k of the RFC: the largest power of two smaller than <paramref name="length"/> ≥ 2.</summary>
    private static long LargestPowerBelow(long length) => 1L << BitOperations.Log2((ulong)length - 1);
}
