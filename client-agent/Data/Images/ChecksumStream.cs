namespace DeepSeek.Federated.Data.Images;

/// <summary>Computes the CRC-32 of what is read through it: the framework's zip reader does not compare it.</summary>
/// <remarks>ISO 3309, reflected polynomial 0xEDB88320.</remarks>
internal sealed class ChecksumStream(Stream inner) : Stream
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (crc, _) => (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320))];

    private uint _crc = uint.MaxValue;

    /// <summary>Of all bytes read so far.</summary>
    public uint Checksum => ~_crc;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var crc = _crc;
        foreach (var value in buffer[..read]) crc = Table[(byte)(crc ^ value)] ^ crc >> 8;
        _crc = crc;
        return read;
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
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
