using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage;

/// <summary>What a backup holds, after all of its leaves were hashed again.</summary>
/// <param name="Size">Leaves.</param>
/// <param name="Root">Their root hash.</param>
/// <param name="Newest">When the last of them was decided; absent in an empty ledger.</param>
public sealed record BackupSummary(long Size, Digest Root, DateTimeOffset? Newest);
