using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>The one way out. Every request of every kind passes here: it is read, judged, written into the egress ledger, and only then sent.</summary>
internal sealed class EgressGate : DelegatingHandler
{
    private const int LargestBody = WireLimits.MessageBytes + 4096;
    private readonly EgressDesk _desk;

    public EgressGate(EgressDesk desk, HttpMessageHandler wire) : base(wire) => _desk = desk;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content switch
        {
            null               => ReadOnlyMemory<byte>.Empty,
            PieceContent piece => piece.Bytes,
            var content        => await Buffer(content, cancellationToken),
        };
        _desk.LetOut(request, body);
        return await base.SendAsync(request, cancellationToken);
    }

    // Once buffered, the content sends the very bytes that were judged.
    private static async Task<ReadOnlyMemory<byte>> Buffer(HttpContent content, CancellationToken cancellationToken)
    {
        await content.LoadIntoBufferAsync(LargestBody, cancellationToken);
        return await content.ReadAsByteArrayAsync(cancellationToken);
    }
}
