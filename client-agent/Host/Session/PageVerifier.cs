using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Checks pages of the ledger against what is known already. Pure: the same page and the same knowledge give the same verdict.</summary>
/// <param name="catalog">Reads leaves.</param>
/// <param name="federation">The origin that checkpoints must bear.</param>
/// <param name="ledgerKey">The key pinned at enrolment.</param>
/// <param name="self">This site.</param>
/// <param name="identity">Its key: what it did not sign, it did not say.</param>
public sealed class PageVerifier(EventCatalog catalog, string federation, PublicKey ledgerKey, SiteId self, PublicKey identity)
{
    private const int LongestProof = 64;

    /// <param name="known">The last verified checkpoint.</param>
    /// <param name="streams">Next sequence of each stream seen so far.</param>
    /// <param name="page">What came.</param>
    /// <param name="enrolled">Whether this site's enrolment with its identity lies in what was verified: an earlier holder of its name signed with another key.</param>
    public PageVerdict Verify(LedgerBookmark known, ImmutableDictionary<string, long> streams, LeavesPage page, bool enrolled = true)
    {
        if (!SignedCheckpoint.TryParse(page.Checkpoint.Span, out var note) || !note.TryOpen(ledgerKey, out var head))
            return No("a checkpoint is not signed with the ledger key that was pinned at enrolment.");
        if (head.Origin != federation) return No($"a checkpoint is of the log '{head.Origin}', not of '{federation}'.");
        if (head.Size < known.Size)
            return No($"it has {head.Size} leaves, but this site has verified {known.Size}: the coordinator was restored from an earlier state, or hides what happened.", wentBack: true);
        if (Path(page.Consistency) is not { } consistency || !new ConsistencyProof(known.Size, head.Size, consistency).Verify(known.Root, head.Root))
            return No($"its {head.Size} leaves do not begin with the {known.Size} that this site has verified: there are two histories.");

        var events = ImmutableArray.CreateBuilder<ProvenEvent>(page.Leaves.Count);
        var (after, sequences) = (-1L, streams.ToBuilder());
        foreach (var proven in page.Leaves)
        {
            if (proven.Index <= after) return No("a page gives its leaves out of order.");
            after = proven.Index;
            if (Path(proven.Proof) is not { } path || !new InclusionProof(proven.Index, head.Size, path).Verify(MerkleHash.Leaf(proven.Leaf.Span), head.Root))
                return No($"leaf {proven.Index} is not in the tree that the checkpoint signs.");
            if (proven.Index < known.Next) continue;   // a duplicate: proven to be the same tree, so the same leaf
            if (Read(proven, sequences, enrolled, out var happened) is { } objection) return No(objection);
            enrolled |= IsOwnEnrolment(happened!.Recorded.Event);
            events.Add(happened!);
        }
        var next = Math.Max(known.Next, Math.Min(Math.Max(page.Next, after + 1), head.Size));
        return new PageVerdict.Extends(new LedgerBookmark(head.Size, head.Root, next, note.ToString()), events.DrainToImmutable());
    }

    /// <summary>Whether a leaf is this site's enrolment with the identity it has now.</summary>
    public bool IsOwnEnrolment(LedgerEvent happened) => happened is SiteEvent.SiteEnrolled e && e.Site == self && e.Identity == identity.ToString();

    private string? Read(ProvenLeaf proven, ImmutableDictionary<string, long>.Builder sequences, bool enrolled, out ProvenEvent? happened)
    {
        happened = null;
        RecordedEvent recorded;
        try
        {
            recorded = catalog.FromLeaf(Leaf.Decode(proven.Leaf.Memory), proven.Index);
        }
        catch (FormatException broken)
        {
            return $"leaf {proven.Index} cannot be read: {broken.Message}";
        }
        var stream = recorded.Event.Stream;
        var expected = sequences.GetValueOrDefault(stream);
        if (recorded.Sequence != expected)
            return $"leaf {proven.Index} is number {recorded.Sequence} of the stream '{stream}', where number {expected} must follow: the coordinator hid a leaf or counted one twice.";
        if (enrolled && recorded.Event is ISiteStatement said && said.Site == self && !SiteStatement.Verify(catalog, recorded.Event, identity))
            return $"leaf {proven.Index} says in this site's name what this site did not sign.";
        sequences[stream] = expected + 1;
        happened = new ProvenEvent(recorded, proven.Leaf.Memory);
        return null;
    }

    /// <summary>Whether a statement in a round bears the signature of the identity that the round names for its site; null when it does.</summary>
    /// <param name="cohort">Of the round.</param>
    /// <param name="leaf">The leaf.</param>
    public string? Forgery(ImmutableArray<CohortMember> cohort, RecordedEvent leaf) =>
        leaf.Event is not (RoundEvent and ISiteStatement said) || cohort.FirstOrDefault(m => m.Site == said.Site) is { } member
            && PublicKey.TryParse(member.Identity, out var key) && SiteStatement.Verify(catalog, leaf.Event, key)
            ? null
            : $"leaf {leaf.Index} says in the name of '{((ISiteStatement)leaf.Event).Site}' what the identity that its round names for that site did not sign.";

    private static ImmutableArray<Digest>? Path(RepeatedField<ByteString> hashes) =>
        hashes.Count <= LongestProof && hashes.All(h => h.Length == Digest.Length) ? [.. hashes.Select(h => new Digest(h.Span))] : null;

    private static PageVerdict.Diverges No(string sentence, bool wentBack = false) => new(sentence, wentBack);
}
