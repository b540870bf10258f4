using System.Buffers;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using Microsoft.Win32.SafeHandles;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Writes to a file at an offset: <see cref="RandomAccess"/>, or a disk that fails in a test.</summary>
internal delegate ValueTask WriteAt(SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken);

/// <summary>An open partial file with the running hash over all of it. The hash is rebuilt from the file, for memory does not outlive a restart.</summary>
internal sealed class PartialBlob : IDisposable
{
    // Hashing and writing what the wire gives bit by bit costs more than the wire: gather first.
    private const int Gathered = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Gathered);
    private readonly WriteAt _writeAt;

    private PartialBlob(SafeFileHandle file, WriteAt writeAt) => (_file, _writeAt) = (file, writeAt);

    /// <summary>Bytes hashed and written.</summary>
    public long Length { get; private set; }

    public static async Task<PartialBlob> Open(string path, WriteAt writeAt, CancellationToken cancellationToken)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Delete, FileOptions.Asynchronous);
        var partial = new PartialBlob(file, writeAt);
        try
        {
            while (await RandomAccess.ReadAsync(file, partial._buffer.AsMemory(0, Gathered), partial.Length, cancellationToken) is > 0 and var read)
            {
                partial._hash.AppendData(partial._buffer, 0, read);
                partial.Length += read;
            }
            return partial;
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    /// <summary>Takes a stream up to <paramref name="total"/> bytes in all. A stream that breaks off leaves what it gave.</summary>
    /// <returns>False when the stream has more.</returns>
    public async Task<bool> Take(Stream piece, long total, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (gathered, ended) = (0, false);
            var room = (int)Math.Min(Gathered, total - Length);
            try
            {
                while (gathered < room && !ended)
                {
                    var read = await piece.ReadAsync(_buffer.AsMemory(gathered, room - gathered), cancellationToken);
                    (gathered, ended) = (gathered + read, read == 0);
                }
            }
            finally
            {
                await Keep(gathered);
            }
            if (ended) return true;
            if (Length == total) return await piece.ReadAsync(_buffer.AsMemory(0, 1), cancellationToken) == 0;
        }
    }

    public void Truncate(long length) => RandomAccess.SetLength(_file, length);

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public Digest Digest()
    {
        Span<byte> hash = stackalloc byte[Domain.Encoding.Digest.Length];
        _hash.GetCurrentHash(hash);
        return new Digest(hash);
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    // Not to be cancelled: a piece that breaks off keeps what it brought.
    private async Task Keep(int count)
    {
        if (count == 0) return;
        await _writeAt(_file, _buffer.AsMemory(0, count), Length, CancellationToken.None);
        _hash.AppendData(_buffer, 0, count);
        Length += count;
    }
}
