using CsCheck;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Parameters.Protection;

namespace DeepSeek.Federated.Parameters.Tests.Protection;

public sealed class A_chunk_tree
{
    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 >> 3))];

    [Fact]
    public void is_the_tree_of_RFC_6962()
    {
        // Leaves and roots of Certificate Transparency's reference tests (merkletree/tree_test).
        string[] leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        string[] roots =
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        for (var size = 1; size <= leaves.Length; size++)
        {
            using var tree = new ChunkTree();
            foreach (var leaf in leaves[..size]) tree.Push(Digest.Of([0x00, .. Convert.FromHexString(leaf)]));
            Assert.Equal(roots[size - 1], tree.Finish().ToString());
        }
        Assert.Equal(Digest.Of([]), ChunkTree.Root(Stream.Null));
    }

    [Fact]
    public void has_a_leaf_for_every_mebibyte()
    {
        var blob = Pattern(2 * ChunkTree.PieceBytes + 5);
        using var tree = new ChunkTree();
        foreach (var piece in blob.Chunk(ChunkTree.PieceBytes)) tree.Push(Digest.Of([0x00, .. piece]));
        Assert.Equal(tree.Finish(), ChunkTree.Root(new MemoryStream(blob)));
        var exact = Pattern(ChunkTree.PieceBytes);
        Assert.Equal(Digest.Of([0x00, .. exact]), ChunkTree.Root(new MemoryStream(exact)));
    }

    [Fact]
    public void does_not_depend_on_how_the_bytes_arrive()
    {
        var blob = Pattern(ChunkTree.PieceBytes + 100_000);
        var root = ChunkTree.Root(new MemoryStream(blob));
        Gen.Int[1, 300_000].Sample(step =>
        {
            using var tree = new ChunkTree();
            foreach (var part in blob.Chunk(step)) tree.Append(part);
            Assert.Equal(root, tree.Finish());
        }, iter: 10);
    }
}
