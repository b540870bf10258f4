using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Lineage.Tests.Merkle;

public sealed class A_merkle_tree
{
    private const int Largest = 130;
    private static readonly Digest[] Leaves = NaiveTree.Leaves(Largest);

    // The vectors of the Certificate Transparency project's own tests for RFC 6962.
    private static readonly string[] Inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void has_the_roots_of_the_RFC_6962_vectors(int size, string root)
    {
        var leaves = Inputs[..size].Select(hex => MerkleHash.Leaf(Convert.FromHexString(hex))).ToArray();
        Assert.Equal(root, Frontier.Empty.Append(leaves).Frontier.Root.ToString());
        Assert.Equal(root, NaiveTree.Root(leaves).ToString());
    }

    [Fact]
    public void has_the_proofs_of_the_RFC_6962_vectors()
    {
        var leaves = Inputs.Select(hex => MerkleHash.Leaf(Convert.FromHexString(hex))).ToArray();
        var nodes = NaiveTree.Store(leaves).Nodes;
        Digest Read(int level, long index) => nodes[(level, index)];
        Assert.Equal(
            ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
            MerkleTree.ProveInclusion(5, 8, Read).Path.Select(d => d.ToString()));
        Assert.Equal(
            ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
            MerkleTree.ProveConsistency(6, 8, Read).Path.Select(d => d.ToString()));
    }

    [Fact]
    public void has_the_root_of_the_definition_at_every_size_however_it_grew()
    {
        var one = Frontier.Empty;
        for (var size = 0; size <= Largest; size++)
        {
            var expected = NaiveTree.Root(Leaves.AsSpan(0, size));
            var (all, nodes) = NaiveTree.Store(Leaves.AsSpan(0, size));
            Assert.Equal(expected, one.Root);
            Assert.Equal(expected, all.Root);
            Assert.Equal(size, one.Size);
            Assert.Equal(expected, Frontier.Load(size, (l, i) => nodes[(l, i)]).Root);
            Assert.Equal(expected, MerkleTree.Root(size, (l, i) => nodes[(l, i)]));
            Assert.Equal(Enumerable.Range(0, 8).Sum(level => size >> level), nodes.Count);
            if (size < Largest) one = one.Append([Leaves[size]]).Frontier;
        }
    }

    [Fact]
    public void grows_in_batches_as_it_grows_by_single_leaves()
    {
        for (var first = 0; first <= 40; first++)
        {
            for (var second = first; second <= 80; second++)
            {
                var before = Frontier.Empty.Append(Leaves.AsSpan(0, first));
                var after = before.Frontier.Append(Leaves.AsSpan(first, second - first));
                Assert.Equal(NaiveTree.Store(Leaves.AsSpan(0, second)).Nodes, before.Completed.Concat(after.Completed).ToDictionary(n => (n.Level, n.Index), n => n.Hash));
            }
        }
    }

    [Fact]
    public void proves_inclusion_as_the_definition_does_with_few_reads()
    {
        for (var size = 1; size <= Largest; size++)
        {
            var nodes = NaiveTree.Store(Leaves.AsSpan(0, size)).Nodes;
            var root = NaiveTree.Root(Leaves.AsSpan(0, size));
            for (var index = 0; index < size; index++)
            {
                var reads = 0;
                var proof = MerkleTree.ProveInclusion(index, size, (l, i) => { reads++; return nodes[(l, i)]; });
                Assert.Equal(NaiveTree.Path(index, Leaves.AsSpan(0, size)), proof.Path);
                Assert.True(proof.Verify(Leaves[index], root));
                Assert.InRange(reads, 0, 16);
            }
        }
    }

    [Fact]
    public void proves_consistency_as_the_definition_does_with_few_reads()
    {
        for (var second = 0; second <= Largest; second++)
        {
            var nodes = NaiveTree.Store(Leaves.AsSpan(0, second)).Nodes;
            var secondRoot = NaiveTree.Root(Leaves.AsSpan(0, second));
            for (var first = 0; first <= second; first++)
            {
                var reads = 0;
                var proof = MerkleTree.ProveConsistency(first, second, (l, i) => { reads++; return nodes[(l, i)]; });
                if (first > 0) Assert.Equal(NaiveTree.Proof(first, Leaves.AsSpan(0, second)), proof.Path);
                else Assert.Empty(proof.Path);
                Assert.True(proof.Verify(NaiveTree.Root(Leaves.AsSpan(0, first)), secondRoot));
                Assert.InRange(reads, 0, 20);
            }
        }
    }

    [Fact]
    public void refuses_positions_outside_of_it()
    {
        static Digest Never(int level, long index) => throw new InvalidOperationException("must not be read");
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ProveInclusion(0, 0, Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ProveInclusion(5, 5, Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ProveInclusion(-1, 5, Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ProveConsistency(6, 5, Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ProveConsistency(-1, 5, Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Root(-1, Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => Frontier.Load(-1, Never));
    }
}
