using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage;

/// <summary>What stands beside the leaves and may be erased: the leaf then commits to something that nobody has any more, and still verifies.</summary>
public sealed class PrivateParts
{
    private readonly IDbContextFactory<LedgerDbContext> _databases;

    internal PrivateParts(IDbContextFactory<LedgerDbContext> databases) => _databases = databases;

    /// <summary>The private part of a leaf; null where it has none or it was erased.</summary>
    public async Task<PrivatePart?> Find(long leaf, CancellationToken cancellationToken)
    {
        await using var database = await _databases.CreateDbContextAsync(cancellationToken);
        var row = await database.PrivateParts.AsNoTracking().SingleOrDefaultAsync(p => p.Leaf == leaf, cancellationToken);
        return row is null ? null : PrivatePart.Decode(row.Data);
    }

    /// <summary>Erases a part; its bytes leave the database's files with the next WAL checkpoint. Backups taken before still hold it.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> Erase(long leaf, CancellationToken cancellationToken)
    {
        await using var database = await _databases.CreateDbContextAsync(cancellationToken);
        return await database.PrivateParts.Where(p => p.Leaf == leaf).ExecuteDeleteAsync(cancellationToken) > 0;
    }
}
