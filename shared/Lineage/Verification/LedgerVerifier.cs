using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.FederationEvent;

namespace DeepSeek.Federated.Lineage.Verification;

/// <summary>Verifies a whole ledger from its leaves alone, in order, in memory that does not grow with its length. Each is used once.</summary>
/// <remarks>
/// Checked: every leaf is canonical and known, streams have no gap, the first leaf founds the federation with the key that signs its
/// checkpoints, every statement of a site bears the signature of the identity it enrolled with, and the leaves together give the
/// checkpoint's root.
/// </remarks>
/// <param name="catalog">The event types that this program knows.</param>
/// <param name="ledgerKey">The key that the reader trusts for this ledger's checkpoints; from outside, never from the ledger.</param>
/// <param name="clockTolerance">How far the clock may run back without being reported; ≥ 0.</param>
public sealed class LedgerVerifier(EventCatalog catalog, PublicKey ledgerKey, TimeSpan clockTolerance)
{
    private const int MostClockSteps = 100;

    private readonly Dictionary<string, long> _nextInStream = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _types = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ClockStep>.Builder _clockSteps = ImmutableArray.CreateBuilder<ClockStep>();
    private readonly SiteIdentities _identities = new(catalog);
    private Frontier _frontier = Frontier.Empty;
    private DateTimeOffset _latest = DateTimeOffset.MinValue;
    private string? _federation;
    private LedgerVerdict.Broken? _broken;

    /// <summary>Leaves so far.</summary>
    public long Size => _frontier.Size;

    /// <summary>Takes the next leaf. After the first that is not lawful nothing else is looked at.</summary>
    /// <returns>The event, or null when the ledger is broken, here or before; <see cref="Complete"/> tells why.</returns>
    public RecordedEvent? Add(ReadOnlyMemory<byte> leaf)
    {
        if (_broken is not null) return null;
        try
        {
            var recorded = catalog.FromLeaf(Leaf.Decode(leaf), Size);
            if (Objection(recorded) is { } reason) return Break(reason);
            _types[catalog.TypeOf(recorded.Event).Name] = _types.GetValueOrDefault(catalog.TypeOf(recorded.Event).Name) + 1;
            _frontier = _frontier.Append([MerkleHash.Leaf(leaf.Span)]).Frontier;
            return recorded;
        }
        catch (FormatException malformed)
        {
            return Break(malformed.Message);
        }
    }

    /// <summary>The verdict, once all leaves were added: are they what this checkpoint says?</summary>
    public LedgerVerdict Complete(SignedCheckpoint checkpoint)
    {
        if (_broken is not null) return _broken;
        if (!checkpoint.TryOpen(ledgerKey, out var head)) Break("The checkpoint does not bear the signature of the key that is trusted for this ledger.");
        else if (head.Size != Size) Break($"The checkpoint speaks of {head.Size} leaves, but there are {Size}: leaves are missing or were added.");
        else if (_federation is not null && head.Origin != _federation) Break($"The checkpoint is of '{head.Origin}', but the ledger of '{_federation}'.");
        else if (head.Root != _frontier.Root) Break("The leaves do not give the checkpoint's root hash: at least one was changed or moved.");
        return _broken is not null
            ? _broken
            : new LedgerVerdict.Verified(
                Size, _frontier.Root, _nextInStream.Count, _types.ToImmutableSortedDictionary(StringComparer.Ordinal), _identities.Checked,
                _clockSteps.ToImmutable());
    }

    private string? Objection(RecordedEvent recorded) =>
        OutOfSequence(recorded) ?? NotFounded(recorded) ?? _identities.Objection(recorded.Event) ?? WatchClock(recorded);

    private string? OutOfSequence(RecordedEvent recorded)
    {
        var stream = recorded.Event.Stream;
        var expected = _nextInStream.GetValueOrDefault(stream);
        if (recorded.Sequence != expected) return $"In the stream '{stream}' number {expected} must follow, not {recorded.Sequence}.";
        _nextInStream[stream] = expected + 1;
        return null;
    }

    private string? NotFounded(RecordedEvent recorded)
    {
        if (recorded.Event is FederationFounded founded)
        {
            if (recorded.Index != 0) return "The federation is founded a second time.";
            _federation = founded.Name;
            return founded.LedgerKey == ledgerKey.ToString() ? null : $"The ledger was founded with another key ({founded.LedgerKey}) than the one that is trusted.";
        }
        return recorded.Index == 0 ? "The first leaf does not found the federation." : null;
    }

    private string? WatchClock(RecordedEvent recorded)
    {
        var back = _latest - recorded.At;
        if (back > clockTolerance && _clockSteps.Count < MostClockSteps) _clockSteps.Add(new ClockStep(recorded.Index, back));
        if (recorded.At > _latest) _latest = recorded.At;
        return null;
    }

    private RecordedEvent? Break(string reason)
    {
        _broken = new LedgerVerdict.Broken(Size, reason);
        return null;
    }
}
