using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Rounds;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>What looking at a coordinator that went back gives.</summary>
public abstract record RecoveryFinding(string Sentence)
{
    /// <summary>The history goes on as this site knows it.</summary>
    public sealed record NotNeeded() : RecoveryFinding("The coordinator's ledger extends what this site has verified. There is nothing to accept.");

    /// <summary>The coordinator does not own up to a recovery, or changed what came before it.</summary>
    public sealed record Unacceptable(string Why) : RecoveryFinding($"This is not a recovery that could be accepted: {Why} Nothing was changed. Tell the other sites.");

    /// <summary>A recovery, owned up to by a leaf.</summary>
    public sealed record Lost(LedgerRecovered Leaf, ImmutableArray<RecordedEvent> Events, LedgerBookmark Bookmark, ImmutableArray<ProvenEvent> History)
        : RecoveryFinding(
            $"The coordinator was restored to {Leaf.RestoredSize} leaves from a backup of {Leaf.BackupTaken:u}. This site knows {Events.Length} leaves that are lost"
            + (Events.IsEmpty ? "." : $": {string.Join(", ", Events.Take(8).Select(e => $"{e.Index} {e.Event.GetType().Name}"))}{(Events.Length > 8 ? ", ..." : "")}."));
}

/// <summary>The steward's mend after a coordinator was restored: reads the new history from its beginning, beside the known one, and takes it over on request.</summary>
public sealed class Recovery : IDisposable
{
    private readonly SiteDirectory _directory;
    private readonly EventCatalog _catalog = new();
    private readonly EgressLedger _ledger;
    private readonly EgressDesk _desk;
    private readonly CertifiedWires _wires;
    private readonly PageVerifier _verifier;

    public Recovery(SiteDirectory directory, TimeProvider clock)
    {
        var settings = SiteSettings.Load(directory);
        _directory = directory;
        _ledger = new EgressLedger(directory.Egress, clock);
        _desk = new EgressDesk(_ledger, new PolicyFile(directory.Policy), _catalog, settings.Site, clock);
        _wires = new CertifiedWires(directory, settings, _desk, clock, NullLogger.Instance);
        using var identity = SigningKey.Load(directory.Identity);
        _verifier = new PageVerifier(_catalog, settings.Federation, PublicKey.Parse(settings.LedgerKey), settings.Site, identity.Public);
    }

    /// <summary>Compares the coordinator's history with the one on disk. Changes nothing.</summary>
    public async Task<RecoveryFinding> Examine(CancellationToken cancellationToken)
    {
        var known = ReadKnown();
        var (bookmark, history, streams) = (LedgerBookmark.Beginning, ImmutableArray.CreateBuilder<ProvenEvent>(), ImmutableDictionary<string, long>.Empty);
        do
        {
            var request = new LeavesRequest { Version = ProtocolVersion.Current, After = bookmark.Next, KnownSize = bookmark.Size };
            var page = await _wires.Current.Agents.PollAsync(request, cancellationToken: cancellationToken);
            if (_verifier.Verify(bookmark, streams, page, history.Any(e => _verifier.IsOwnEnrolment(e.Recorded.Event))) is not PageVerdict.Extends extends) return new RecoveryFinding.Unacceptable("the new history does not hold together.");
            if (extends.Bookmark.Next == bookmark.Next && extends.Bookmark.Size == bookmark.Size) break;
            bookmark = extends.Bookmark;
            history.AddRange(extends.Events);
            foreach (var e in extends.Events) streams = streams.SetItem(e.Recorded.Event.Stream, e.Recorded.Sequence + 1);
        } while (bookmark.Next < bookmark.Size);
        return Compare(known, LedgerBook.ReadBookmark(_directory), bookmark, history.DrainToImmutable());
    }

    /// <summary>Takes the new history over. The old journals are kept, and what a study learnt in versions that are lost is put aside.</summary>
    public void Accept(RecoveryFinding.Lost finding)
    {
        var versions = finding.History.Select(e => e.Recorded.Event).OfType<VersionPublished>().Select(v => v.Version).ToHashSet();
        foreach (var shelf in _directory.KnownStudies().Select(study => new StudyShelf(_directory, study)))
            if (shelf.PromotedVersion is { } version && !versions.Contains(version)) shelf.SetStateAside();
        foreach (var path in Journals()) File.Move(path, path + ".lost", overwrite: true);
        File.Delete(_directory.Bookmark);
        foreach (var group in finding.History.GroupBy(e => LedgerBook.StudyOf(e.Recorded.Event)))
        {
            using var journal = Journal.Open(group.Key is { } study ? _directory.StudyJournal(study) : _directory.Journal, 0, (_, _) => { });
            journal.Append(group.Select(e => (e.Recorded.Index, e.Leaf)));
        }
        LedgerBook.SaveBookmark(_directory, finding.Bookmark);   // last: cut off before it, the agent simply reads everything again
    }

    internal static RecoveryFinding Compare(
        ImmutableSortedDictionary<long, (Digest Hash, RecordedEvent Event)> known, LedgerBookmark before, LedgerBookmark bookmark, ImmutableArray<ProvenEvent> history)
    {
        var now = history.ToDictionary(e => e.Recorded.Index, e => Digest.Of(e.Leaf.Span));
        var lost = known.Where(k => !now.TryGetValue(k.Key, out var hash) || hash != k.Value.Hash).Select(k => k.Value.Event).ToImmutableArray();
        if (lost.IsEmpty && bookmark.Size >= before.Size) return new RecoveryFinding.NotNeeded();
        // Of this recovery: one that this site knew before owns up to nothing new.
        var leaf = history.Where(e => !known.TryGetValue(e.Recorded.Index, out var old) || old.Hash != now[e.Recorded.Index])
            .Select(e => e.Recorded.Event).OfType<LedgerRecovered>().LastOrDefault(r => r.RestoredSize <= before.Size);
        if (leaf is null) return new RecoveryFinding.Unacceptable("no leaf of the ledger says that it was recovered (`coordinator restore` writes one).");
        return lost.FirstOrDefault(e => e.Index < leaf.RestoredSize) is { } changed
            ? new RecoveryFinding.Unacceptable($"leaf {changed.Index} was changed, although the recovery says that everything before {leaf.RestoredSize} was kept.")
            : new RecoveryFinding.Lost(leaf, lost, bookmark, history);
    }

    private ImmutableSortedDictionary<long, (Digest, RecordedEvent)> ReadKnown()
    {
        var known = ImmutableSortedDictionary.CreateBuilder<long, (Digest, RecordedEvent)>();
        var below = LedgerBook.ReadBookmark(_directory).Next;
        foreach (var path in Journals())
            Journal.Read(path, below, (index, leaf) => known[index] = (Digest.Of(leaf), _catalog.FromLeaf(Leaf.Decode(leaf), index)));
        return known.ToImmutable();
    }

    private IEnumerable<string> Journals() =>
        new[] { _directory.Journal }.Concat(_directory.KnownStudies().Select(_directory.StudyJournal)).Where(File.Exists).ToList();

    public void Dispose()
    {
        _wires.Dispose();
        _desk.Dispose();
    }
}
