using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>What this site knows of the ledger, on disk and folded: the journals of its studies and the last verified checkpoint.</summary>
/// <remarks>
/// Journals are flushed before the bookmark, and what lies beyond the bookmark is cut off when they are opened: nothing was done about it yet.
/// One writer (the follower); the folded states are immutable and may be read from anywhere.
/// </remarks>
public sealed class LedgerBook : IDisposable
{
    private const string BookmarkMend = "Move it and all files named 'journal' away: the agent then reads the whole ledger again.";
    private readonly SiteDirectory _directory;
    private readonly EventCatalog _catalog;
    private readonly Dictionary<StudyId, Journal> _journals = [];
    private Journal? _rest;
    private ImmutableDictionary<string, long> _streams = ImmutableDictionary<string, long>.Empty;
    private volatile ImmutableSortedDictionary<StudyId, StudyState> _studies = ImmutableSortedDictionary<StudyId, StudyState>.Empty;

    private LedgerBook(SiteDirectory directory, EventCatalog catalog) => (_directory, _catalog) = (directory, catalog);

    public LedgerBookmark Bookmark { get; private set; } = LedgerBookmark.Beginning;

    /// <summary>Tells that something new was folded.</summary>
    public Changes Changes { get; } = new();

    /// <summary>The studies, by name.</summary>
    public ImmutableSortedDictionary<StudyId, StudyState> Studies => _studies;

    /// <summary>Next sequence of each stream.</summary>
    public ImmutableDictionary<string, long> Streams => _streams;

    /// <summary>Leaves of the federation's and this site's own stream, newest last, since the book was opened: few.</summary>
    public ImmutableList<RecordedEvent> OfFederation { get; private set; } = [];

    /// <summary>Reads the journals.</summary>
    /// <exception cref="SiteFaultException">A file is damaged.</exception>
    public static LedgerBook Open(SiteDirectory directory, EventCatalog catalog)
    {
        var book = new LedgerBook(directory, catalog) { Bookmark = ReadBookmark(directory) };
        book._rest = Journal.Open(directory.Journal, book.Bookmark.Next, book.Replay);
        foreach (var study in directory.KnownStudies().Where(s => File.Exists(directory.StudyJournal(s))))
            book._journals[study] = Journal.Open(directory.StudyJournal(study), book.Bookmark.Next, book.Replay);
        return book;
    }

    /// <summary>The same, without taking part: for commands beside a running agent.</summary>
    public static LedgerBook Look(SiteDirectory directory, EventCatalog catalog)
    {
        var book = new LedgerBook(directory, catalog) { Bookmark = ReadBookmark(directory) };
        Journal.Read(directory.Journal, book.Bookmark.Next, book.Replay);
        foreach (var study in directory.KnownStudies()) Journal.Read(directory.StudyJournal(study), book.Bookmark.Next, book.Replay);
        return book;
    }

    /// <summary>Verifies a page and takes over what is new in it.</summary>
    /// <exception cref="LedgerDivergedException">It does not extend the known history, or what it tells is not lawful. Nothing was taken over.</exception>
    /// <exception cref="IOException">The disk refused; the page must be taken again.</exception>
    public void Accept(LeavesPage page, PageVerifier verifier)
    {
        var extends = verifier.Verify(Bookmark, _streams, page, OfFederation.Any(e => verifier.IsOwnEnrolment(e.Event))) switch
        {
            PageVerdict.Extends e  => e,
            PageVerdict.Diverges d => throw new LedgerDivergedException(d.Sentence),
            _                      => throw new InvalidOperationException("unreachable: the family is closed"),
        };
        var (streams, studies) = (_streams, _studies);
        foreach (var e in extends.Events)
        {
            if (e.Recorded.Event is RoundEvent said && studies.GetValueOrDefault(said.Study)?.RoundNumbered(said.Round)?.Opened is { } opened
                && verifier.Forgery(opened.Cohort, e.Recorded) is { } forgery)
                throw new LedgerDivergedException(forgery);
            (streams, studies) = Fold(streams, studies, e.Recorded);
        }

        Write(extends);
        (_streams, _studies, Bookmark) = (streams, studies, extends.Bookmark);
        OfFederation = OfFederation.AddRange(extends.Events.Select(e => e.Recorded).Where(e => StudyOf(e.Event) is null));
        if (!extends.Events.IsEmpty) Changes.Tell();
    }

    private void Write(PageVerdict.Extends extends)
    {
        List<(Journal Journal, long Before)> touched = [];
        try
        {
            foreach (var group in extends.Events.GroupBy(e => StudyOf(e.Recorded.Event)))
            {
                var journal = JournalOf(group.Key);
                touched.Add((journal, journal.Length));
                journal.Append(group.Select(e => (e.Recorded.Index, e.Leaf)));
            }
            if (extends.Bookmark != Bookmark) SaveBookmark(_directory, extends.Bookmark);
        }
        catch
        {
            foreach (var (journal, before) in touched) journal.CutTo(before);
            throw;
        }
    }

    public static void SaveBookmark(SiteDirectory directory, LedgerBookmark bookmark) => StrictJson.Write(directory.Bookmark, bookmark);

    public static LedgerBookmark ReadBookmark(SiteDirectory directory) =>
        File.Exists(directory.Bookmark) ? StrictJson.Read<LedgerBookmark>(directory.Bookmark, BookmarkMend) : LedgerBookmark.Beginning;

    public static StudyId? StudyOf(LedgerEvent happened) => happened switch
    {
        StudyEvent e => e.Study,
        RoundEvent e => e.Study,
        _            => null,
    };

    public void Dispose()
    {
        _rest?.Dispose();
        foreach (var journal in _journals.Values) journal.Dispose();
    }

    private Journal JournalOf(StudyId? study)
    {
        if (study is not { } name) return _rest ?? throw new InvalidOperationException("The book was opened for reading only.");
        if (!_journals.TryGetValue(name, out var journal))
            _journals[name] = journal = Journal.Open(_directory.StudyJournal(name), Bookmark.Next, (_, _) => { });
        return journal;
    }

    private void Replay(long index, byte[] leaf)
    {
        RecordedEvent recorded;
        try
        {
            recorded = _catalog.FromLeaf(Leaf.Decode(leaf), index);
        }
        catch (FormatException broken)
        {
            throw new SiteFaultException($"A journal holds a leaf that this program cannot read: {broken.Message}", broken);
        }
        (_streams, _studies) = Fold(_streams, _studies, recorded);
        if (StudyOf(recorded.Event) is null) OfFederation = OfFederation.Add(recorded);
    }

    private static (ImmutableDictionary<string, long>, ImmutableSortedDictionary<StudyId, StudyState>) Fold(
        ImmutableDictionary<string, long> streams, ImmutableSortedDictionary<StudyId, StudyState> studies, RecordedEvent recorded)
    {
        streams = streams.SetItem(recorded.Event.Stream, recorded.Sequence + 1);
        if (StudyOf(recorded.Event) is not { } study) return (streams, studies);
        try
        {
            var state = Study.Apply(studies.GetValueOrDefault(study, StudyState.Unknown), recorded.Event, recorded.At);
            return (streams, studies.SetItem(study, state));
        }
        catch (InvalidOperationException unlawful)
        {
            throw new LedgerDivergedException($"leaf {recorded.Index} breaks the law of studies and rounds. {unlawful.Message}");
        }
    }
}
