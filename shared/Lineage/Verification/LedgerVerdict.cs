using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Verification;

/// <summary>What came of verifying a ledger.</summary>
public abstract record LedgerVerdict
{
    private LedgerVerdict() { }

    /// <summary>Every leaf is lawful, and together they are what the checkpoint says.</summary>
    /// <param name="Size">Leaves.</param>
    /// <param name="Root">Root hash.</param>
    /// <param name="Streams">Streams.</param>
    /// <param name="Types">Leaves of each event type, by name.</param>
    /// <param name="Statements">Signatures of sites that were checked.</param>
    /// <param name="ClockSteps">Where the coordinator's clock ran backwards by more than the tolerance; the first 100.</param>
    public sealed record Verified(
        long Size, Digest Root, int Streams, ImmutableSortedDictionary<string, long> Types, long Statements,
        ImmutableArray<ClockStep> ClockSteps) : LedgerVerdict;

    /// <summary>The ledger is not what it claims to be.</summary>
    /// <param name="Index">The first leaf that is not lawful; the number of leaves where the ledger as a whole is not.</param>
    /// <param name="Reason">What is wrong, in words.</param>
    public sealed record Broken(long Index, string Reason) : LedgerVerdict;
}

/// <summary>A leaf that claims to be older than one before it.</summary>
/// <param name="Index">Position of the leaf, from 0.</param>
/// <param name="Back">By how much; positive.</param>
public readonly record struct ClockStep(long Index, TimeSpan Back);
