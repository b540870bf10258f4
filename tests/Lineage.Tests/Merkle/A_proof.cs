using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Lineage.Tests.Merkle;

public sealed class A_proof
{
    private const int Largest = 66;
    private static readonly Digest Foreign = Digest.Of("foreign"u8);
    private static readonly Digest[] Leaves = NaiveTree.Leaves(Largest);
    private static readonly Digest[] Roots = [.. Enumerable.Range(0, Largest + 1).Select(n => NaiveTree.Root(Leaves.AsSpan(0, n)))];

    [Fact]
    public void of_inclusion_is_refused_when_anything_is_changed()
    {
        for (var size = 1; size <= Largest; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = new InclusionProof(index, size, [.. NaiveTree.Path(index, Leaves.AsSpan(0, size))]);
                Assert.True(proof.Verify(Leaves[index], Roots[size]));
                Assert.False(proof.Verify(Foreign, Roots[size]));
                Assert.False(proof.Verify(Leaves[index], Foreign));
                foreach (var path in Mutations(proof.Path)) Assert.False((proof with { Path = path }).Verify(Leaves[index], Roots[size]));
                for (var other = -1; other <= size; other++)
                    if (other != index) Assert.False((proof with { Index = other }).Verify(Leaves[index], Roots[size]));
            }
        }
    }

    [Fact]
    public void of_inclusion_says_nothing_of_another_size_unless_the_shape_is_the_same()
    {
        // The size enters a proof's verification through the shape of the path only, and it is bound by the checkpoint that names size and root:
        // the root of another size is another root.
        for (var size = 1; size <= Largest; size++)
            for (var other = 1; other <= Largest; other++)
                if (other != size)
                    for (var index = 0; index < Math.Min(size, other); index++)
                        Assert.False(new InclusionProof(index, size, [.. NaiveTree.Path(index, Leaves.AsSpan(0, size))]).Verify(Leaves[index], Roots[other]));
    }

    [Fact]
    public void of_consistency_is_refused_when_anything_is_changed()
    {
        for (var second = 1; second <= Largest; second++)
        {
            for (var first = 1; first <= second; first++)
            {
                var proof = new ConsistencyProof(first, second, [.. NaiveTree.Proof(first, Leaves.AsSpan(0, second))]);
                Assert.True(proof.Verify(Roots[first], Roots[second]));
                Assert.False(proof.Verify(Foreign, Roots[second]));
                Assert.False(proof.Verify(Roots[first], Foreign));
                Assert.False((proof with { First = second, Second = first, Path = first == second ? [Foreign] : proof.Path }).Verify(Roots[second], Roots[first]));
                foreach (var path in Mutations(proof.Path)) Assert.False((proof with { Path = path }).Verify(Roots[first], Roots[second]));
                for (var other = 1; other <= Largest; other++)
                {
                    if (other != first) Assert.False(proof.Verify(Roots[other], Roots[second]));
                    if (other != second) Assert.False(proof.Verify(Roots[first], Roots[other]));
                }
            }
        }
    }

    [Fact]
    public void of_consistency_begins_with_the_empty_tree_and_ends_with_the_same()
    {
        Assert.True(new ConsistencyProof(0, 0, []).Verify(MerkleHash.Empty, MerkleHash.Empty));
        Assert.True(new ConsistencyProof(0, 9, []).Verify(MerkleHash.Empty, Roots[9]));
        Assert.True(new ConsistencyProof(9, 9, []).Verify(Roots[9], Roots[9]));
        Assert.False(new ConsistencyProof(0, 0, []).Verify(Foreign, Foreign));
        Assert.False(new ConsistencyProof(0, 9, []).Verify(Foreign, Roots[9]));
        Assert.False(new ConsistencyProof(0, 9, [Foreign]).Verify(MerkleHash.Empty, Roots[9]));
        Assert.False(new ConsistencyProof(9, 9, [Foreign]).Verify(Roots[9], Roots[9]));
        Assert.False(new ConsistencyProof(3, 9, []).Verify(Roots[3], Roots[9]));
        Assert.False(new ConsistencyProof(-1, 9, []).Verify(Roots[3], Roots[9]));
        Assert.False(new ConsistencyProof(9, 9, default).Verify(Roots[9], Roots[9]));
        Assert.False(new InclusionProof(0, 1, default).Verify(Leaves[0], Roots[1]));
    }

    [Fact]
    public void of_a_fork_cannot_be_made_from_the_proofs_of_either_branch()
    {
        for (var fork = 1; fork < 20; fork++)
        {
            var left = NaiveTree.Leaves(20);
            var right = NaiveTree.Leaves(20);
            right[fork - 1] = Foreign;
            for (var size = fork; size <= 20; size++)
            {
                Assert.False(new ConsistencyProof(fork, size, [.. NaiveTree.Proof(fork, left.AsSpan(0, size))]).Verify(NaiveTree.Root(left.AsSpan(0, fork)), NaiveTree.Root(right.AsSpan(0, size))));
                Assert.False(new ConsistencyProof(fork, size, [.. NaiveTree.Proof(fork, right.AsSpan(0, size))]).Verify(NaiveTree.Root(left.AsSpan(0, fork)), NaiveTree.Root(right.AsSpan(0, size))));
            }
        }
    }

    private static IEnumerable<ImmutableArray<Digest>> Mutations(ImmutableArray<Digest> path)
    {
        yield return path.Add(Foreign);
        yield return path.Insert(0, Foreign);
        if (!path.IsEmpty) yield return path.Add(path[^1]);
        for (var i = 0; i < path.Length; i++)
        {
            yield return path.RemoveAt(i);
            yield return path.SetItem(i, Foreign);
            yield return path.Insert(i, path[i]);
            if (i > 0) yield return path.SetItem(i, path[i - 1]).SetItem(i - 1, path[i]);
        }
    }
}
