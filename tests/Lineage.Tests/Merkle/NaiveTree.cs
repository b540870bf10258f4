using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Lineage.Tests.Merkle;

/// <summary>RFC 6962, section 2.1, word for word: the definition that the fast code is held against.</summary>
internal static class NaiveTree
{
    internal static Digest[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => MerkleHash.Leaf(BitConverter.GetBytes(i)))];

    internal static Digest Root(ReadOnlySpan<Digest> d)
    {
        if (d.Length == 0) return MerkleHash.Empty;
        if (d.Length == 1) return d[0];
        var k = Split(d.Length);
        return MerkleHash.Node(Root(d[..k]), Root(d[k..]));
    }

    internal static Digest[] Path(int m, ReadOnlySpan<Digest> d)
    {
        if (d.Length == 1) return [];
        var k = Split(d.Length);
        return m < k ? [.. Path(m, d[..k]), Root(d[k..])] : [.. Path(m - k, d[k..]), Root(d[..k])];
    }

    internal static Digest[] Proof(int m, ReadOnlySpan<Digest> d) => SubProof(m, d, true);

    /// <summary>A node reader over a frontier's output: what a store would do.</summary>
    internal static (Frontier Frontier, Dictionary<(int Level, long Index), Digest> Nodes) Store(ReadOnlySpan<Digest> leaves)
    {
        var (frontier, completed) = Frontier.Empty.Append(leaves);
        return (frontier, completed.ToDictionary(n => (n.Level, n.Index), n => n.Hash));
    }

    private static Digest[] SubProof(int m, ReadOnlySpan<Digest> d, bool b)
    {
        if (m == d.Length) return b ? [] : [Root(d)];
        var k = Split(d.Length);
        return m <= k ? [.. SubProof(m, d[..k], b), Root(d[k..])] : [.. SubProof(m - k, d[k..], false), Root(d[..k])];
    }

    private static int Split(int n)
    {
        var k = 1;
        while (2 * k < n) k *= 2;
        return k;
    }
}
