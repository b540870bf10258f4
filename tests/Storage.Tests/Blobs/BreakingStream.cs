namespace DeepSeek.Federated.Storage.Tests.Blobs;

/// <summary>A link that breaks after so many bytes.</summary>
internal sealed class BreakingStream(byte[] content, int breaksAt) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position >= breaksAt
            ? throw new IOException("The link broke.")
            : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, breaksAt - Position)], cancellationToken);
}
