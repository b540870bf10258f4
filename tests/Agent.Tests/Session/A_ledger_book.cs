using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Lineage.Leaves;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests.Session;

public sealed class A_ledger_book : IDisposable
{
    private static readonly EventCatalog Catalog = new();
    private static readonly PageVerifier Verifier = new(Catalog, "test", LedgerKey.Public, Self, Keys[Self].Public);
    private readonly TestSite _site = new();

    private LedgerBook Open() => LedgerBook.Open(_site.Directory, Catalog);

    [Fact]
    public void folds_what_is_proven_and_knows_it_after_a_restart()
    {
        var ledger = new TestLedger(Catalog).With(Submitted, Version(0));
        using (var book = Open()) book.Accept(ledger.Page(0, 0), Verifier);
        using var again = Open();
        Assert.Equal((2, 2), (again.Bookmark.Size, again.Bookmark.Next));
        Assert.Equal(StudyPhase.Running, again.Studies[TestSite.Study].Phase);
        Assert.Equal(LedgerBook.Look(_site.Directory, Catalog).Streams, again.Streams);
    }

    [Fact]
    public void takes_every_leaf_once_when_it_was_cut_off_before_the_bookmark()
    {
        var ledger = new TestLedger(Catalog).With(Submitted);
        using (var book = Open()) book.Accept(ledger.Page(0, 0), Verifier);
        var bookmark = File.ReadAllBytes(_site.Directory.Bookmark);
        ledger.With(Version(0));
        using (var book = Open()) book.Accept(ledger.Page(1, 1), Verifier);
        File.WriteAllBytes(_site.Directory.Bookmark, bookmark);   // as if the machine had died between journal and bookmark

        using var again = Open();
        Assert.Empty(again.Studies[TestSite.Study].Versions);
        again.Accept(ledger.Page(1, 1), Verifier);
        Assert.Single(again.Studies[TestSite.Study].Versions);
    }

    [Fact]
    public void cuts_a_torn_record_off()
    {
        var ledger = new TestLedger(Catalog).With(Submitted, Version(0));
        using (var book = Open()) book.Accept(ledger.Page(0, 0), Verifier);
        var journal = _site.Directory.StudyJournal(TestSite.Study);
        var length = new FileInfo(journal).Length;
        using (var file = File.OpenWrite(journal))
        {
            file.Position = length;
            file.Write([9, 1, 0, 0, 2]);
        }
        using (var again = Open()) Assert.Single(again.Studies[TestSite.Study].Versions);
        Assert.Equal(length, new FileInfo(journal).Length);
    }

    [Fact]
    public void stops_at_a_history_that_breaks_the_law()
    {
        // A round that opens before anybody approved.
        var ledger = new TestLedger(Catalog).With(Submitted, Version(0), TestSite.Opened(1));
        using var book = Open();
        var stopped = Assert.Throws<LedgerDivergedException>(() => book.Accept(ledger.Page(0, 0), Verifier));
        Assert.Contains("accept-recovery", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(0, book.Bookmark.Size);
        Assert.Empty(book.Studies);
    }

    [Fact]
    public void stops_at_a_statement_that_the_identity_named_by_its_round_did_not_sign()
    {
        var ledger = new TestLedger(Catalog);
        LedgerEvent Signed(LedgerEvent e) => ledger.Signed(e);
        ledger.With([Submitted, Version(0), .. Sites.Select(s => Signed(new StudyApproved(TestSite.Study, s, Manifest.Digest, Digests("policy"), ""))), TestSite.Opened(1)]);
        var consent = (RoundEvent.SiteConsented)Signed(new RoundEvent.SiteConsented(TestSite.Study, 1, B, Digests("policy"), ""));
        using var book = Open();
        book.Accept(ledger.Page(0, 0), Verifier);
        var honest = book.Bookmark;
        ledger.With(consent with { Policy = Digests("another") });
        var stopped = Assert.Throws<LedgerDivergedException>(() => book.Accept(ledger.Page(honest.Next, honest.Size), Verifier));
        Assert.Contains($"in the name of '{B}'", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(honest, book.Bookmark);
    }

    [Fact]
    public void rings_when_there_is_something_new_and_only_then()
    {
        var ledger = new TestLedger(Catalog).With(Submitted);
        using var book = Open();
        var news = book.Changes.Next;
        book.Accept(ledger.Page(0, 0), Verifier);
        Assert.True(news.IsCompleted);
        var heartbeat = book.Changes.Next;
        book.Accept(ledger.Page(1, 1), Verifier);
        Assert.False(heartbeat.IsCompleted);
    }

    public void Dispose() => _site.Dispose();
}
