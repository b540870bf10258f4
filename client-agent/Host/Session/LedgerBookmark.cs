using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>How far this site knows the ledger: the last checkpoint it verified, and the leaf it asks for next.</summary>
/// <param name="Size">Leaves in that tree.</param>
/// <param name="Root">Its root.</param>
/// <param name="Next">Leaves from here on were not handed over yet.</param>
/// <param name="Note">The signed note, as the coordinator gave it: what it cannot take back.</param>
public sealed record LedgerBookmark(long Size, Digest Root, long Next, string Note)
{
    /// <summary>Before the first page.</summary>
    public static LedgerBookmark Beginning { get; } = new(0, MerkleHash.Empty, 0, "");
}
