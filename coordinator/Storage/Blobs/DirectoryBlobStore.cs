using System.Security.Cryptography;
using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Blobs as files of one directory, which one process uses at a time.</summary>
public sealed class DirectoryBlobStore : IBlobStore
{
    private readonly BlobPlaces _places;
    private readonly DigestLocks _locks = new();
    private readonly WriteAt _writeAt;

    /// <summary>Uses a directory, which is made where it is missing.</summary>
    public DirectoryBlobStore(string directory) : this(directory, RandomAccess.WriteAsync) { }

    internal DirectoryBlobStore(string directory, WriteAt writeAt) => (_places, _writeAt) = (new BlobPlaces(directory), writeAt);

    /// <inheritdoc/>
    public Task<BlobStatus> Status(Digest digest, CancellationToken cancellationToken)
    {
        var (whole, partial) = (new FileInfo(_places.Whole(digest)), new FileInfo(_places.Partial(digest)));
        partial.Refresh(); // looked at first: a blob that becomes whole in between is then found at its new place
        return Task.FromResult<BlobStatus>(
            whole.Exists ? new BlobStatus.Whole(whole.Length)
            : partial is { Exists: true, Length: > 0 } ? new BlobStatus.Partial(partial.Length)
            : new BlobStatus.Absent());
    }

    /// <inheritdoc/>
    public async Task<PieceOutcome> WritePiece(Digest digest, long offset, long total, Stream piece, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        using var turn = await _locks.Hold(digest, cancellationToken);
        if (File.Exists(_places.Whole(digest))) return new PieceOutcome.Whole();
        // Asked of the folder, before a byte is read: otherwise a tiny piece at a wrong place would cost a reading of all that is there.
        if (LengthOfPartial(digest) is var there && there != offset) return new PieceOutcome.WrongOffset(there);

        try
        {
            using var partial = new PartialBlob(_places.Partial(digest), _writeAt);
            return await Take(partial, digest, total, piece, cancellationToken);
        }
        catch (IOException broken) when (FullDisk.Is(broken)) // the folder or the file itself could not grow
        {
            return new PieceOutcome.DiskFull(offset);
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<Digest> Partials() => _places.Partials();

    /// <inheritdoc/>
    public async Task<Digest> Write(Func<Stream, Task> content, CancellationToken cancellationToken)
    {
        var own = _places.Own();
        try
        {
            var digest = await WriteOwn(own, content, cancellationToken);
            using var turn = await _locks.Hold(digest, cancellationToken);
            _places.Promote(own, digest);
            File.Delete(_places.Partial(digest));
            return digest;
        }
        finally
        {
            File.Delete(own); // gone already when it was promoted
        }
    }

    /// <inheritdoc/>
    public Stream OpenRead(Digest digest)
    {
        try
        {
            return new FileStream(_places.Whole(digest), new FileStreamOptions
            {
                Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (DirectoryNotFoundException absent)
        {
            throw new FileNotFoundException($"The blob {digest} is not here.", absent);
        }
    }

    /// <inheritdoc/>
    public async Task Delete(Digest digest, CancellationToken cancellationToken)
    {
        using var turn = await _locks.Hold(digest, cancellationToken);
        File.Delete(_places.Partial(digest));
        if (File.Exists(_places.Whole(digest))) File.Delete(_places.Whole(digest));
    }

    private long LengthOfPartial(Digest digest) => new FileInfo(_places.Partial(digest)) is { Exists: true, Length: var length } ? length : 0;

    private async Task<PieceOutcome> Take(PartialBlob partial, Digest digest, long total, Stream piece, CancellationToken cancellationToken)
    {
        var before = partial.Length;
        if (before > total) return new PieceOutcome.TooLong(total);
        try
        {
            if (!await partial.Take(piece, total, cancellationToken))
            {
                partial.Truncate(before);
                return new PieceOutcome.TooLong(total);
            }
            if (partial.Length < total) return new PieceOutcome.More(partial.Length);
            if (await partial.Digest(CancellationToken.None) != digest) // all bytes are here: whoever leaves now has sent them all the same
            {
                File.Delete(_places.Partial(digest));
                return new PieceOutcome.DigestMismatch();
            }
            partial.Flush();
            _places.Promote(_places.Partial(digest), digest);
            return new PieceOutcome.Whole();
        }
        catch (IOException broken) when (FullDisk.Is(broken))
        {
            partial.Truncate(partial.Length); // half a write may stand there: keep what was written whole
            return new PieceOutcome.DiskFull(partial.Length);
        }
    }

    private static async Task<Digest> WriteOwn(string path, Func<Stream, Task> content, CancellationToken cancellationToken)
    {
        using var sha = SHA256.Create();
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20, FileOptions.Asynchronous);
        await using (var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        {
            await content(hashing);
            await hashing.FlushFinalBlockAsync(cancellationToken);
        }
        file.Flush(flushToDisk: true);
        return new Digest(sha.Hash);
    }
}
