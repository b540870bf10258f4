using System.Net.Http.Headers;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Which bytes of a blob a PUT carries: <c>Content-Range: bytes A-B/TOTAL</c>.</summary>
internal readonly record struct Piece(long Offset, long Length, long Total)
{
    public static bool TryRead(HttpRequest request, out Piece piece, out string fault)
    {
        piece = default;
        if (!ContentRangeHeaderValue.TryParse(request.Headers.ContentRange, out var range)
            || range is not { Unit: "bytes", From: { } from, To: { } to, Length: { } total } || to < from || to >= total)
        {
            fault = "The header 'Content-Range: bytes A-B/TOTAL' is missing or impossible.";
            return false;
        }
        piece = new Piece(from, to - from + 1, total);
        fault = request.ContentLength is { } announced && announced != piece.Length
            ? $"Content-Range speaks of {piece.Length} bytes, Content-Length of {announced}."
            : "";
        return fault.Length == 0;
    }
}
