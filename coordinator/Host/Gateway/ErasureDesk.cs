using DeepSeek.Federated.Grains.Operators;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Storage;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The admins' part that is about private parts.</summary>
internal sealed class ErasureDesk(LedgerReader reader, PrivateParts parts, IGrainFactory grains)
{
    /// <summary>Records the erasure, then erases: a crash in between leaves a record that the same request makes true.</summary>
    /// <returns>Whether it was recorded before.</returns>
    public async Task<bool> Erase(long leaf, string reason, string actor, CancellationToken cancellationToken)
    {
        if (leaf < 0 || await reader.ReadLeaves(leaf, 1, cancellationToken) is not [var (index, bytes)] || index != leaf)
            throw new RpcException(new Status(StatusCode.NotFound, $"The ledger has no leaf {leaf}. `dsfed ledger show` prints every leaf's number first."));
        if (Leaf.Decode(bytes).Private is null)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Leaf {leaf} has no private part: there is nothing to erase, and a leaf itself never changes."));
        var already = Requests.Accepted(await grains.GetGrain<IFederationGrain>(0).Erase(leaf, reason, actor));
        await parts.Erase(leaf, CancellationToken.None);
        return already;
    }
}
