namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>Reads a blob and gives every byte to its chunk tree on the way: whoever reads it to the end for another purpose has its root for nothing.</summary>
/// <param name="blob">The blob; not disposed with this.</param>
/// <param name="tree">Receives what is read.</param>
public sealed class ChunkTreeStream(Stream blob, ChunkTree tree) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <summary>False: bytes reach the tree in their order, each once.</summary>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = blob.Read(buffer);
        tree.Append(buffer[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
