using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>A leaf whose place in the ledger was proven.</summary>
public sealed record ProvenEvent(RecordedEvent Recorded, ReadOnlyMemory<byte> Leaf);

/// <summary>What verifying a page gives.</summary>
public abstract record PageVerdict
{
    private PageVerdict() { }

    /// <summary>It extends the history that this site knows; these leaves are new.</summary>
    public sealed record Extends(LedgerBookmark Bookmark, ImmutableArray<ProvenEvent> Events) : PageVerdict;

    /// <summary>It does not. The agent stops, for from here on nobody can tell what is true.</summary>
    /// <param name="Sentence">What does not fit.</param>
    /// <param name="WentBack">Whether the signed head itself is smaller than what was verified: a coordinator that was restored from a backup.</param>
    public sealed record Diverges(string Sentence, bool WentBack = false) : PageVerdict;
}

/// <summary>The coordinator shows something that cannot follow what it showed before. The message says what, and what a steward can do.</summary>
public sealed class LedgerDivergedException(string sentence) : Exception(
    $"The agent stopped, because it cannot trust the coordinator's ledger: {sentence} See: agent ledger show. "
    + "If the federation's operators say that they restored the coordinator from a backup, run: agent ledger accept-recovery");
