using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepSeek.Federated.Data.Csv;

/// <summary>
/// Unpacks a gzip file (RFC 1952) of one member, and does not end where the file was cut off: the base library takes a cut file for a short one,
/// and transactions that are not there would look like quiet cards. Its length must be what the file's last four bytes say.
/// </summary>
/// <param name="compressed">The file's bytes; stays open.</param>
/// <param name="size">Length of the text modulo 2^32.</param>
internal sealed class WholeGzip(Stream compressed, uint size) : Stream
{
    private readonly GZipStream _text = new(compressed, CompressionMode.Decompress, leaveOpen: true);
    private uint _read;

    /// <summary>The size that a file gives for its text; null when it does not begin as gzip does, which no text in UTF-8 can. The position is 0 afterwards.</summary>
    public static uint? SizeIn(FileStream file)
    {
        if (!file.CanSeek) return null;
        Span<byte> bytes = stackalloc byte[4];
        var isGzip = file.ReadAtLeast(bytes[..2], 2, throwOnEndOfStream: false) == 2 && bytes is [0x1f, 0x8b, ..];
        if (isGzip)
        {
            file.Position = Math.Max(0, file.Length - bytes.Length);
            bytes.Clear();
            file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        file.Position = 0;
        return isGzip ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : null;
    }

    /// <exception cref="InvalidDataException">The file is damaged, cut off, or more than one member.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = _text.Read(buffer);
        _read += (uint)read;
        return read > 0 || buffer.IsEmpty || _read == size ? read : throw new InvalidDataException("The file ends before what was compressed does.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _text.Dispose();
        base.Dispose(disposing);
    }
}
