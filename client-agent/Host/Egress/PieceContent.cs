using System.Net;
using System.Net.Http.Headers;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>One piece of an update, in memory, sent slice by slice so that its progress can be seen. Its bytes never change.</summary>
internal sealed class PieceContent : HttpContent
{
    private const int Slice = 16 * 1024;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Action<int> _sent;

    public PieceContent(ReadOnlyMemory<byte> bytes, long offset, long total, Action<int> sent)
    {
        (_bytes, _sent) = (bytes, sent);
        Headers.ContentRange = new ContentRangeHeaderValue(offset, offset + bytes.Length - 1, total);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var at = 0; at < _bytes.Length; at += Slice)
        {
            var slice = _bytes.Slice(at, Math.Min(Slice, _bytes.Length - at));
            await stream.WriteAsync(slice, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent(slice.Length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
