using System.Buffers;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using Microsoft.Win32.SafeHandles;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>Writes to a file at an offset: <see cref="RandomAccess"/>, or a disk that fails in a test.</summary>
internal delegate ValueTask WriteAt(SafeFileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken);

/// <summary>An open partial file. Its hash runs along where the blob came in one piece; otherwise the file is read once, when it is complete.</summary>
/// <remarks>Not at every piece: then small pieces of a long blob would cost whoever receives them its length squared.</remarks>
internal sealed class PartialBlob : IDisposable
{
    // Hashing and writing what the wire gives bit by bit costs more than the wire: gather first.
    private const int Gathered = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Gathered);
    private readonly WriteAt _writeAt;

    private readonly bool _fromTheBeginning;

    public PartialBlob(string path, WriteAt writeAt)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Delete, FileOptions.Asynchronous);
        _writeAt = writeAt;
        Length = RandomAccess.GetLength(_file);
        _fromTheBeginning = Length == 0;
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

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

    /// <summary>The hash over all of it.</summary>
    public async Task<Digest> Digest(CancellationToken cancellationToken)
    {
        if (!_fromTheBeginning) await HashFile(cancellationToken);
        return new Digest(_hash.GetHashAndReset());
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
        if (_fromTheBeginning) _hash.AppendData(_buffer, 0, count);
        Length += count;
    }

    private async Task HashFile(CancellationToken cancellationToken)
    {
        for (var at = 0L; await RandomAccess.ReadAsync(_file, _buffer.AsMemory(0, Gathered), at, cancellationToken) is > 0 and var read; at += read)
            _hash.AppendData(_buffer, 0, read);
    }
}
