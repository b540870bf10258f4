using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;

namespace DeepSeek.Federated.Agent.Tests;

/// <summary>A real log in memory, which signs and proves as a coordinator does; and, on request, as a dishonest one.</summary>
internal sealed class TestLedger(EventCatalog catalog, string origin = "test", SigningKey? key = null)
{
    private readonly List<byte[]> _leaves = [];
    private readonly Dictionary<(int, long), Digest> _nodes = [];
    private readonly Dictionary<string, long> _next = [];
    private Frontier _frontier = Frontier.Empty;

    public long Size => _leaves.Count;

    /// <summary>The event with its site's real signature.</summary>
    public LedgerEvent Signed(LedgerEvent statement) => statement switch
    {
        StudyEvent.StudyApproved e  => e with { Signature = SiteStatement.Sign(catalog, e, TestSite.Keys[e.Site]) },
        StudyEvent.StudyDeclined e  => e with { Signature = SiteStatement.Sign(catalog, e, TestSite.Keys[e.Site]) },
        RoundEvent.SiteConsented e  => e with { Signature = SiteStatement.Sign(catalog, e, TestSite.Keys[e.Site]) },
        RoundEvent.SiteDeclined e   => e with { Signature = SiteStatement.Sign(catalog, e, TestSite.Keys[e.Site]) },
        RoundEvent.UpdateAccepted e => e with { Signature = SiteStatement.Sign(catalog, e, TestSite.Keys[e.Site]) },
        _                           => statement,
    };

    public TestLedger With(params LedgerEvent[] events)
    {
        foreach (var e in events) Append(catalog.ToLeaf(e, _next.GetValueOrDefault(e.Stream), TestSite.Noon, Actors.Coordinator, null));
        return this;
    }

    /// <summary>A leaf whose sequence skips one: as if the leaf between were hidden.</summary>
    public TestLedger WithHidden(LedgerEvent hidden, LedgerEvent shown)
    {
        Append(catalog.ToLeaf(shown, _next.GetValueOrDefault(hidden.Stream) + 1, TestSite.Noon, Actors.Coordinator, null));
        return this;
    }

    private void Append(Leaf leaf)
    {
        var bytes = leaf.Encode();
        _leaves.Add(bytes);
        _next[leaf.Stream] = leaf.Sequence + 1;
        var grown = _frontier.Append([MerkleHash.Leaf(bytes)]);
        foreach (var node in grown.Completed) _nodes[(node.Level, node.Index)] = node.Hash;
        _frontier = grown.Frontier;
    }

    /// <summary>The page that an honest coordinator gives.</summary>
    public LeavesPage Page(long after, long known, long? size = null, SigningKey? signer = null)
    {
        var head = size ?? Size;
        var checkpoint = SignedCheckpoint.Sign(new Checkpoint(origin, head, MerkleTree.Root(head, Read)), signer ?? key ?? TestSite.LedgerKey);
        var page = new LeavesPage { Checkpoint = ByteString.CopyFrom(checkpoint.ToBytes()), Next = head };
        if (known <= head) page.Consistency.AddRange(MerkleTree.ProveConsistency(known, head, Read).Path.Select(Bytes));
        for (var index = after; index < head; index++)
        {
            var leaf = new ProvenLeaf { Index = index, Leaf = ByteString.CopyFrom(_leaves[(int)index]) };
            leaf.Proof.AddRange(MerkleTree.ProveInclusion(index, head, Read).Path.Select(Bytes));
            page.Leaves.Add(leaf);
        }
        return page;
    }

    private static ByteString Bytes(Digest digest) => ByteString.CopyFrom(digest.ToArray());

    private Digest Read(int level, long index) => _nodes[(level, index)];
}
