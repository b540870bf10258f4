using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Storage;

/// <summary>Who answers for the tree heads: the federation's name and its ledger key. Owns the key.</summary>
public sealed class LedgerSigner(string federation, SigningKey key) : IDisposable
{
    /// <summary>The log's name.</summary>
    public string Origin { get; } = federation;

    /// <summary>The key that heads are checked by.</summary>
    public PublicKey PublicKey => key.Public;

    internal LedgerHead Sign(long size, Digest root) =>
        new(size, root, [.. SignedCheckpoint.Sign(new Checkpoint(Origin, size, root), key).ToBytes()]);

    internal bool Signed(LedgerHead head) =>
        SignedCheckpoint.TryParse(head.Note.AsSpan(), out var note) && note.TryOpen(PublicKey, out var checkpoint)
        && checkpoint == new Checkpoint(Origin, head.Size, head.Root);

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
