using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Merkle;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>Computes over stored nodes with one query: a first pass notes which are asked for, a second has them.</summary>
internal static class StoredNodes
{
    /// <exception cref="LedgerDamagedException">A node is missing that every tree of this size has.</exception>
    public static async Task<T> Compute<T>(LedgerDbContext database, Func<NodeReader, T> compute, CancellationToken cancellationToken)
    {
        var asked = new List<long>();
        compute((level, index) =>
        {
            asked.Add(NodeRow.PositionOf(level, index));
            return default;
        });
        var hashes = await database.Nodes.AsNoTracking().Where(n => asked.Contains(n.Position))
            .ToDictionaryAsync(n => n.Position, n => n.Hash, cancellationToken);
        return compute((level, index) => hashes.TryGetValue(NodeRow.PositionOf(level, index), out Digest hash)
            ? hash
            : throw LedgerDamagedException.Because($"the tree's node {index} of level {level} is missing"));
    }
}
