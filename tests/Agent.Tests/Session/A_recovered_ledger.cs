using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.FederationEvent;

namespace DeepSeek.Federated.Agent.Tests.Session;

public sealed class A_recovered_ledger
{
    private static readonly EventCatalog Catalog = new();
    private static readonly PageVerifier Verifier = new(Catalog, "test", LedgerKey.Public, Self, Keys[Self].Public);
    private static readonly LedgerRecovered Recovered = new(2, Digests("root"), Noon);

    private static PageVerdict.Extends Read(TestLedger ledger) =>
        (PageVerdict.Extends)Verifier.Verify(LedgerBookmark.Beginning, ImmutableDictionary<string, long>.Empty, ledger.Page(0, 0));

    private static RecoveryFinding Compare(TestLedger before, TestLedger now)
    {
        var (known, found) = (Read(before), Read(now));
        return Recovery.Compare(known.Events.ToImmutableSortedDictionary(e => e.Recorded.Index, e => (Digest.Of(e.Leaf.Span), e.Recorded)), known.Bookmark, found.Bookmark, found.Events);
    }

    private static TestLedger Ledger(params LedgerEvent[] more) => new TestLedger(Catalog).With(Submitted, Version(0)).With(more);

    private static LedgerEvent Declined(Domain.Names.SiteId site) =>
        new TestLedger(Catalog).Signed(new StudyEvent.StudyDeclined(TestSite.Study, site, Manifest.Digest, Domain.Policies.RefusalReason.StewardRefused, ""));

    [Fact]
    public void names_what_was_lost()
    {
        var lost = Assert.IsType<RecoveryFinding.Lost>(Compare(Ledger(Declined(B), Declined(C)), Ledger(Recovered)));
        Assert.Equal([2L, 3], lost.Events.Select(e => e.Index));
    }

    [Fact]
    public void is_not_needed_where_the_history_goes_on() =>
        Assert.IsType<RecoveryFinding.NotNeeded>(Compare(Ledger(), Ledger(Declined(B))));

    [Fact]
    public void is_not_accepted_without_a_leaf_that_owns_up_to_it() =>
        Assert.IsType<RecoveryFinding.Unacceptable>(Compare(Ledger(Declined(B)), Ledger(Declined(C))));

    [Fact]
    public void is_not_accepted_on_the_word_of_an_earlier_recovery() =>
        Assert.IsType<RecoveryFinding.Unacceptable>(Compare(Ledger(Recovered, Declined(B)), Ledger(Recovered, Declined(C))));

    [Fact]
    public void is_not_accepted_where_it_changes_what_it_says_it_kept()
    {
        var other = new TestLedger(Catalog).With(Submitted, Version(0) with { SnapshotBytes = 7 }, Recovered);
        Assert.IsType<RecoveryFinding.Unacceptable>(Compare(Ledger(Declined(B)), other));
    }
}
