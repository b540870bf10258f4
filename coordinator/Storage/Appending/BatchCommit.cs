using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Storage.Registry;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>One batch in one transaction: leaves, tree, head and projections become durable together or not at all.</summary>
internal sealed class BatchCommit(WriterSession session, LedgerSigner signer)
{
    /// <returns>The right edge of the tree after the batch, which is durable; the edge as it was when nothing could be placed.</returns>
    /// <exception cref="LedgerLostException">The stored head is not the one this writer left.</exception>
    public async Task<Frontier> Write(Batch batch, Frontier before)
    {
        await using var database = await session.Open(CancellationToken.None);
        await using var transaction = await database.Database.BeginTransactionAsync();
        database.Database.AutoSavepointsEnabled = false;

        batch.Place(await StreamPositions.Load(database, batch.Queued), before.Size);
        var leaves = batch.Leaves.ToList();
        if (leaves.Count == 0) return before;

        var growth = before.Append(leaves.Select(leaf => leaf.Hash).ToArray());
        // Signed before the commit, so that no durable head is ever without its note; a note whose commit fails is shown to nobody.
        batch.Intended = signer.Sign(growth.Frontier.Size, growth.Frontier.Root);
        await MoveHead(database, before, batch.Intended);
        foreach (var node in growth.Completed)
            database.Nodes.Add(new NodeRow { Position = NodeRow.PositionOf(node.Level, node.Index), Hash = node.Hash });
        await WriteLeaves(database, leaves, batch);
        await database.SaveChangesAsync();
        await transaction.CommitAsync();
        return growth.Frontier;
    }

    /// <summary>The fence: whoever else moved the head, this writer does not fork the tree.</summary>
    private static async Task MoveHead(LedgerDbContext database, Frontier before, LedgerHead after)
    {
        var (size, root, note) = (before.Size, before.Root, after.Note.ToArray());
        var moved = await database.Head.Where(h => h.Id == HeadRow.Only && h.Size == size && h.Root == root).ExecuteUpdateAsync(set => set
            .SetProperty(h => h.Size, after.Size).SetProperty(h => h.Root, after.Root).SetProperty(h => h.Note, note));
        if (moved != 1) throw new LedgerLostException(size);
    }

    private static async Task WriteLeaves(LedgerDbContext database, List<PreparedLeaf> leaves, Batch batch)
    {
        foreach (var (leaf, recorded) in leaves.Zip(batch.Recorded))
        {
            database.Leaves.Add(new LeafRow { Index = recorded.Index, Stream = leaf.Stream, Sequence = recorded.Sequence, Data = leaf.Bytes });
            if (leaf.Private is { } part) database.PrivateParts.Add(new PrivatePartRow { Leaf = recorded.Index, Data = part.Encode() });
            foreach (var projection in Projections.All) await projection.Apply(database, recorded);
        }
    }
}
