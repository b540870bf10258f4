using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage;

/// <summary>The ledger as of its last durable commit.</summary>
/// <param name="Size">Leaves.</param>
/// <param name="Root">Root hash of RFC 6962.</param>
/// <param name="Note">The signed checkpoint, as it is sent.</param>
public sealed record LedgerHead(long Size, Digest Root, ImmutableArray<byte> Note)
{
    internal bool IsAt(long size, Digest root) => Size == size && Root == root;
}
