using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Storage.Blobs;

namespace DeepSeek.Federated.Grains.Tests;

/// <summary>A blob store whose disk is full when the test says so.</summary>
internal sealed class FailingBlobStore(IBlobStore store) : IBlobStore
{
    internal bool Full { get; set; }

    public Task<BlobStatus> Status(Digest digest, CancellationToken cancellationToken) => store.Status(digest, cancellationToken);

    public Task<PieceOutcome> WritePiece(Digest digest, long offset, long total, Stream piece, CancellationToken cancellationToken) =>
        store.WritePiece(digest, offset, total, piece, cancellationToken);

    public Task<Digest> Write(Func<Stream, Task> content, CancellationToken cancellationToken) =>
        Full ? throw new IOException("The disk is full: make room.") : store.Write(content, cancellationToken);

    public System.Collections.Immutable.ImmutableArray<Digest> Partials() => store.Partials();

    public Stream OpenRead(Digest digest) => store.OpenRead(digest);

    public Task Delete(Digest digest, CancellationToken cancellationToken) => store.Delete(digest, cancellationToken);
}
