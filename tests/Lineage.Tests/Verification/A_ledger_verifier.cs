using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Lineage.Tests.Leaves;
using DeepSeek.Federated.Lineage.Verification;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.SiteEvent;

namespace DeepSeek.Federated.Lineage.Tests.Verification;

public sealed class A_ledger_verifier : IDisposable
{
    private static readonly EventCatalog Catalog = new();
    private readonly SigningKey _log = SigningKey.FromSeed(Enumerable.Repeat((byte)1, 32).ToArray());
    private readonly SigningKey _north = SigningKey.FromSeed(Enumerable.Repeat((byte)2, 32).ToArray());
    private readonly List<byte[]> _leaves = [];
    private readonly Dictionary<string, long> _next = [];

    public A_ledger_verifier()
    {
        Add(new FederationFounded("example.org/federation", _log.Public.ToString(), EventSamples.Of("ca")));
        Add(new SiteInvited(EventSamples.North, EventSamples.Of("token"), EventSamples.Noon));
        Add(new SiteEnrolled(EventSamples.North, EventSamples.Of("token"), _north.Public.ToString(), EventSamples.Of("spki"), "MIIB", EventSamples.Noon));
        for (var round = 1; round <= 3; round++) Add(Consent(round));
    }

    public void Dispose()
    {
        _log.Dispose();
        _north.Dispose();
    }

    [Fact]
    public void says_what_it_verified()
    {
        var verified = Assert.IsType<LedgerVerdict.Verified>(Verdict(_leaves, Head(_leaves)));
        Assert.Equal((6, 5, 3), (verified.Size, verified.Streams, verified.Statements));
        Assert.Equal(NaiveRoot(_leaves), verified.Root);
        Assert.Equal(["federation-founded 1", "site-consented 3", "site-enrolled 1", "site-invited 1"], verified.Types.Select(t => $"{t.Key} {t.Value}"));
        Assert.Empty(verified.ClockSteps);
    }

    [Fact]
    public void refuses_every_ledger_that_differs_in_a_byte_an_order_or_a_length()
    {
        var head = Head(_leaves);
        for (var i = 0; i < _leaves.Count; i++)
        {
            Assert.IsType<LedgerVerdict.Broken>(Verdict([.. _leaves.Where((_, at) => at != i)], head));
            Assert.IsType<LedgerVerdict.Broken>(Verdict([.. _leaves.Take(i + 1), _leaves[i], .. _leaves.Skip(i + 1)], head));
            for (var j = i + 1; j < _leaves.Count; j++)
            {
                var swapped = _leaves.ToList();
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                Assert.IsType<LedgerVerdict.Broken>(Verdict(swapped, head));
            }
            for (var at = 0; at < _leaves[i].Length; at++)
            {
                var changed = _leaves.Select(l => l.ToArray()).ToList();
                changed[i][at] ^= 1;
                var broken = Assert.IsType<LedgerVerdict.Broken>(Verdict(changed, head));
                Assert.True(broken.Index == i || broken.Index > i, broken.Reason);
            }
        }
    }

    [Fact]
    public void refuses_a_checkpoint_of_another_key_size_root_or_federation()
    {
        using var other = SigningKey.Create();
        var head = new Checkpoint("example.org/federation", _leaves.Count, NaiveRoot(_leaves));
        Assert.Contains("signature", Reason(SignedCheckpoint.Sign(head, other)), StringComparison.Ordinal);
        Assert.Contains("missing or were added", Reason(SignedCheckpoint.Sign(head with { Size = 7 }, _log)), StringComparison.Ordinal);
        Assert.Contains("root hash", Reason(SignedCheckpoint.Sign(head with { Root = MerkleHash.Empty }, _log)), StringComparison.Ordinal);
        Assert.Contains("but the ledger of", Reason(SignedCheckpoint.Sign(head with { Origin = "elsewhere" }, _log)), StringComparison.Ordinal);
        string Reason(SignedCheckpoint checkpoint) => Assert.IsType<LedgerVerdict.Broken>(Verdict(_leaves, checkpoint)).Reason;
    }

    [Fact]
    public void names_the_first_broken_leaf_even_where_the_log_signed_it()
    {
        Assert.Equal((6, "must follow"), Broken("must follow", l => l with { Sequence = 5 }, Consent(3)));
        Assert.Equal((6, "not known here"), Broken("not known here", l => l with { Type = "site-praised" }, Consent(4)));
        Assert.Equal((6, "not known here"), Broken("not known here", l => l with { Version = 2 }, Consent(4)));
        Assert.Equal((6, "belongs to"), Broken("belongs to", l => l with { Stream = "federation" }, Consent(4)));
        Assert.Equal((6, "second time"), Broken("second time", l => l, new FederationFounded("x", _log.Public.ToString(), EventSamples.Of("ca"))));
        Assert.Equal((6, "not over what"), Broken("not over what", l => l, Consent(4) with { Policy = EventSamples.Of("other") }));
        Assert.Equal((6, "never enrolled"), Broken("never enrolled", l => l, Consent(4) with { Site = new SiteId("west") }));
        Assert.Equal((6, "no public key"), Broken("no public key", l => l, new SiteEnrolled(new SiteId("west"), EventSamples.Of("t"), "key", EventSamples.Of("s"), "", EventSamples.Noon)));
    }

    [Fact]
    public void begins_with_the_founding_by_the_trusted_key()
    {
        var (founding, rest) = (_leaves[0], _leaves.Skip(1).ToList());
        Assert.Contains("does not found", Assert.IsType<LedgerVerdict.Broken>(Verdict(rest, Head(rest))).Reason, StringComparison.Ordinal);
        using var other = SigningKey.Create();
        var verifier = new LedgerVerifier(Catalog, other.Public, TimeSpan.Zero);
        Assert.Null(verifier.Add(founding));
        Assert.Contains("another key", Assert.IsType<LedgerVerdict.Broken>(verifier.Complete(Head(_leaves))).Reason, StringComparison.Ordinal);
        Assert.IsType<LedgerVerdict.Verified>(Verdict([], SignedCheckpoint.Sign(new Checkpoint("example.org/federation", 0, MerkleHash.Empty), _log)));
    }

    [Fact]
    public void reports_a_clock_that_ran_backwards_beyond_the_tolerance()
    {
        Add(Consent(4), EventSamples.Noon.AddSeconds(-5));
        Add(Consent(5), EventSamples.Noon.AddSeconds(-20));
        Add(Consent(6), EventSamples.Noon);
        var verified = Assert.IsType<LedgerVerdict.Verified>(Verdict(_leaves, Head(_leaves)));
        Assert.Equal([new ClockStep(7, TimeSpan.FromSeconds(20))], verified.ClockSteps);
    }

    private (long, string) Broken(string expected, Func<Leaf, Leaf> change, LedgerEvent happened)
    {
        var leaf = change(Catalog.ToLeaf(happened, _next.GetValueOrDefault(happened.Stream), EventSamples.Noon, Actors.Coordinator, null));
        List<byte[]> leaves = [.. _leaves, leaf.Encode(), "not looked at"u8.ToArray()];
        var broken = Assert.IsType<LedgerVerdict.Broken>(Verdict(leaves, Head(leaves)));
        Assert.Contains(expected, broken.Reason, StringComparison.Ordinal);
        return (broken.Index, expected);
    }

    private LedgerVerdict Verdict(List<byte[]> leaves, SignedCheckpoint checkpoint)
    {
        var verifier = new LedgerVerifier(Catalog, _log.Public, TimeSpan.FromSeconds(10));
        foreach (var leaf in leaves) verifier.Add(leaf);
        return verifier.Complete(checkpoint);
    }

    private SignedCheckpoint Head(List<byte[]> leaves) => SignedCheckpoint.Sign(new Checkpoint("example.org/federation", leaves.Count, NaiveRoot(leaves)), _log);

    private static Domain.Encoding.Digest NaiveRoot(List<byte[]> leaves) => Merkle.NaiveTree.Root([.. leaves.Select(l => MerkleHash.Leaf(l))]);

    private void Add(LedgerEvent happened) => Add(happened, EventSamples.Noon);

    private void Add(LedgerEvent happened, DateTimeOffset at)
    {
        var sequence = _next.GetValueOrDefault(happened.Stream);
        _next[happened.Stream] = sequence + 1;
        _leaves.Add(Catalog.ToLeaf(happened, sequence, at, Actors.Coordinator, null).Encode());
    }

    private SiteConsented Consent(int round)
    {
        var unsigned = new SiteConsented(EventSamples.Heart, round, EventSamples.North, EventSamples.Of("policy"), "");
        return unsigned with { Signature = SiteStatement.Sign(Catalog, unsigned, _north) };
    }
}
