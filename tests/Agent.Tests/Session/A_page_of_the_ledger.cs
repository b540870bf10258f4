using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests.Session;

public sealed class A_page_of_the_ledger
{
    private static readonly EventCatalog Catalog = new();
    private static readonly ImmutableDictionary<string, long> None = ImmutableDictionary<string, long>.Empty;
    private static readonly PageVerifier Verifier = new(Catalog, "test", LedgerKey.Public, Self, Keys[Self].Public);

    private static TestLedger Ledger() => new TestLedger(Catalog).With(Submitted, Version(0));

    private static StudyApproved Approved(SiteId site) => (StudyApproved)Ledger().Signed(new StudyApproved(TestSite.Study, site, Manifest.Digest, Digests("policy"), ""));

    private static string Objection(LeavesPage page, LedgerBookmark? known = null, ImmutableDictionary<string, long>? streams = null) =>
        Assert.IsType<PageVerdict.Diverges>(Verifier.Verify(known ?? LedgerBookmark.Beginning, streams ?? None, page)).Sentence;

    private static PageVerdict.Extends Accepted(LeavesPage page, LedgerBookmark? known = null, ImmutableDictionary<string, long>? streams = null) =>
        Assert.IsType<PageVerdict.Extends>(Verifier.Verify(known ?? LedgerBookmark.Beginning, streams ?? None, page));

    private static ImmutableDictionary<string, long> Streams(PageVerdict.Extends page) =>
        page.Events.GroupBy(e => e.Recorded.Event.Stream).ToImmutableDictionary(g => g.Key, g => g.Max(e => e.Recorded.Sequence) + 1);

    [Fact]
    public void is_accepted_when_all_of_it_is_proven()
    {
        var ledger = Ledger().With(Approved(Self), Approved(B));
        var first = Accepted(ledger.Page(0, 0));
        Assert.Equal((4, 4, 4), (first.Bookmark.Size, first.Bookmark.Next, first.Events.Length));
        ledger.With(Approved(C));
        var second = Accepted(ledger.Page(4, 4), first.Bookmark, Streams(first));
        Assert.Equal(5, second.Bookmark.Size);
        Assert.Single(second.Events);
    }

    [Fact]
    public void changes_nothing_when_it_comes_twice()
    {
        var ledger = Ledger();
        var first = Accepted(ledger.Page(0, 0));
        var again = Accepted(ledger.Page(0, 2), first.Bookmark, Streams(first));
        Assert.Equal(first.Bookmark, again.Bookmark);
        Assert.Empty(again.Events);
    }

    [Fact]
    public void may_tell_what_an_earlier_holder_of_this_sites_name_said()
    {
        var foreign = Approved(Self) with { Signature = Approved(B).Signature };
        SiteEvent.SiteEnrolled enrolled = new(Self, Digests("token"), Keys[Self].Public.ToString(), Digests("key"), "AA==", Noon);
        var ledger = Ledger().With(foreign, enrolled, foreign with { Policy = Digests("another") });
        Assert.IsType<PageVerdict.Extends>(Verifier.Verify(LedgerBookmark.Beginning, None, ledger.Page(0, 0, size: 4), enrolled: false));
        Assert.IsType<PageVerdict.Diverges>(Verifier.Verify(LedgerBookmark.Beginning, None, ledger.Page(0, 0), enrolled: false));   // after its own enrolment, not any more
        Assert.IsType<PageVerdict.Diverges>(Verifier.Verify(LedgerBookmark.Beginning, None, ledger.Page(0, 0, size: 3)));
    }

    [Fact]
    public void is_refused_when_another_key_signed_the_checkpoint() =>
        Assert.Contains("not signed with the ledger key", Objection(Ledger().Page(0, 0, signer: Keys[B])), StringComparison.Ordinal);

    [Fact]
    public void is_refused_when_it_is_of_another_log() =>
        Assert.Contains("'other'", Objection(new TestLedger(Catalog, "other").With(Submitted).Page(0, 0)), StringComparison.Ordinal);

    [Fact]
    public void is_refused_when_the_history_forked()
    {
        var first = Accepted(Ledger().With(Approved(Self)).Page(0, 0));
        var fork = Ledger().With(Approved(B), Approved(C), Approved(Self));
        Assert.Contains("two histories", Objection(fork.Page(3, 3), first.Bookmark, Streams(first)), StringComparison.Ordinal);
    }

    [Fact]
    public void is_refused_when_the_history_went_back()
    {
        var ledger = Ledger().With(Approved(Self));
        var first = Accepted(ledger.Page(0, 0));
        Assert.Contains("restored from an earlier state", Objection(ledger.Page(2, 2, size: 2), first.Bookmark, Streams(first)), StringComparison.Ordinal);
    }

    [Fact]
    public void is_refused_when_a_leaf_was_hidden()
    {
        var ledger = Ledger().WithHidden(Approved(B), Approved(C));
        Assert.Contains("hid a leaf", Objection(ledger.Page(0, 0)), StringComparison.Ordinal);
        var skipped = Ledger().With(Approved(Self)).Page(0, 0);
        skipped.Leaves.RemoveAt(1);
        Assert.Contains("hid a leaf", Objection(skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void is_refused_when_a_leaf_is_not_in_the_tree()
    {
        var page = Ledger().With(Approved(Self)).Page(0, 0);
        var forged = page.Leaves[2].Leaf.ToByteArray();
        forged[^2] ^= 1;
        page.Leaves[2].Leaf = ByteString.CopyFrom(forged);
        Assert.Contains("not in the tree", Objection(page), StringComparison.Ordinal);
    }

    [Fact]
    public void is_refused_when_it_says_in_this_sites_name_what_it_did_not_sign()
    {
        var forged = Ledger().With(new StudyApproved(TestSite.Study, Self, Manifest.Digest, Digests("policy"), Convert.ToBase64String(new byte[64])));
        Assert.Contains("did not sign", Objection(forged.Page(0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void is_refused_when_its_leaves_are_out_of_order()
    {
        var page = Ledger().Page(0, 0);
        page.Leaves.Add(page.Leaves[0]);
        Assert.Contains("out of order", Objection(page), StringComparison.Ordinal);
    }

    [Fact]
    public void never_moves_the_bookmark_beyond_the_checkpoint()
    {
        var page = Ledger().Page(0, 0);
        page.Next = long.MaxValue;
        Assert.Equal(2, Accepted(page).Bookmark.Next);
    }
}
