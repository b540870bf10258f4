using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Bytes by the name of their SHA-256. A seam: a directory here, an object store for a cluster. Thread-safe.</summary>
public interface IBlobStore
{
    /// <summary>How much of a blob is here.</summary>
    Task<BlobStatus> Status(Digest digest, CancellationToken cancellationToken);

    /// <summary>Takes the bytes of a blob from <paramref name="offset"/> on. Pieces of one blob are taken one after the other. When the piece breaks off
    /// (the stream throws or the token is cancelled) what came is kept and the exception passed on.</summary>
    /// <param name="digest">The blob's name.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="total">The blob's length, ≥ 0; whoever calls has checked that it may be so long.</param>
    /// <param name="piece">The bytes; read to its end, but never more than one byte beyond the total.</param>
    /// <param name="cancellationToken">Breaks the piece off.</param>
    Task<PieceOutcome> WritePiece(Digest digest, long offset, long total, Stream piece, CancellationToken cancellationToken);

    /// <summary>The blobs of which there is a beginning only.</summary>
    ImmutableArray<Digest> Partials();

    /// <summary>Stores the coordinator's own bytes and names them.</summary>
    /// <exception cref="IOException">Disk full; nothing is kept.</exception>
    Task<Digest> Write(Func<Stream, Task> content, CancellationToken cancellationToken);

    /// <summary>Reads a whole blob; the stream can seek and knows its length.</summary>
    /// <exception cref="FileNotFoundException">It is not here.</exception>
    Stream OpenRead(Digest digest);

    /// <summary>Removes a blob or what came of it so far; nothing happens when it is not here.</summary>
    Task Delete(Digest digest, CancellationToken cancellationToken);
}
