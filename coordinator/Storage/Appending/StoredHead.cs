using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage.Appending;

/// <summary>The head as the database has it, with the right edge of the tree it stands for.</summary>
internal sealed record StoredHead(LedgerHead Head, Frontier Frontier)
{
    /// <summary>Reads the head and checks it against the tree and its own signature; a database without a head gets the empty one.</summary>
    /// <exception cref="LedgerDamagedException">Head, tree, leaves and signature do not fit together.</exception>
    public static async Task<StoredHead> Load(LedgerDbContext database, LedgerSigner signer, CancellationToken cancellationToken)
    {
        var row = await database.Head.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var leaves = await database.Leaves.MaxAsync(l => (long?)l.Index, cancellationToken) + 1 ?? 0;
        if (row is null && leaves == 0) return await Begin(database, signer, cancellationToken);
        if (row is null) throw LedgerDamagedException.Because($"it has {leaves} leaves and no head");
        if (row.Size != leaves) throw LedgerDamagedException.Because($"its head counts {row.Size} leaves and there are {leaves}");

        var head = new LedgerHead(row.Size, row.Root, [.. row.Note]);
        var frontier = await StoredNodes.Compute(database, read => Frontier.Load(row.Size, read), cancellationToken);
        if (frontier.Root != row.Root) throw LedgerDamagedException.Because($"its tree of {row.Size} leaves has the root {frontier.Root}, its head says {row.Root}");
        if (!signer.Signed(head))
            throw new LedgerDamagedException(
                $"The ledger's head of {row.Size} leaves is not signed for '{signer.Origin}' by {signer.PublicKey}. If the ledger key or the federation's name "
                + "was changed, put the old one back; otherwise restore the newest backup: coordinator restore --from FILE.");
        return new StoredHead(head, frontier);
    }

    private static async Task<StoredHead> Begin(LedgerDbContext database, LedgerSigner signer, CancellationToken cancellationToken)
    {
        var head = signer.Sign(0, Frontier.Empty.Root);
        database.Head.Add(new HeadRow { Id = HeadRow.Only, Size = head.Size, Root = head.Root, Note = [.. head.Note] });
        await database.SaveChangesAsync(cancellationToken);
        return new StoredHead(head, Frontier.Empty);
    }
}
