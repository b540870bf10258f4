using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;

namespace DeepSeek.Federated.Agent.Tests;

/// <summary>Stands where the network begins: answers calls and keeps blobs as the gateway does, in memory, and can be told to misbehave.</summary>
internal sealed class TestCoordinator(EventCatalog catalog) : HttpMessageHandler
{
    public ConcurrentQueue<LedgerEvent> Stated { get; } = new();

    public ConcurrentDictionary<Digest, byte[]> Whole { get; } = new();

    public ConcurrentDictionary<Digest, byte[]> Partial { get; } = new();

    public int Puts { get; private set; }

    /// <summary>Called before every request; throws or answers in the coordinator's place.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Before { get; set; } = _ => null;

    /// <summary>What becomes of a statement.</summary>
    public Func<LedgerEvent, StatementReply.Types.Answer> Answer { get; set; } = _ => StatementReply.Types.Answer.Recorded;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        if (Before(request) is { } instead) return instead;
        var path = request.RequestUri!.AbsolutePath;
        if (path.EndsWith("/State", StringComparison.Ordinal))
        {
            var statement = StatementRequest.Parser.ParseFrom(body.AsSpan(5));
            var happened = catalog.Decode(statement.Type, 1, statement.Body.Memory);
            Stated.Enqueue(happened);
            return Reply(new StatementReply { Answer = Answer(happened) });
        }
        var digest = Digest.Parse(path.Split('/')[^1]);
        return request.Method.Method switch
        {
            "HEAD" => Whole.ContainsKey(digest) ? new HttpResponseMessage(HttpStatusCode.OK) : WithOffset(HttpStatusCode.NotFound, digest),
            "PUT"  => Put(digest, request.Content!.Headers.ContentRange!, body),
            "GET"  => Get(digest, request.Headers.Range),
            _      => new HttpResponseMessage(HttpStatusCode.MethodNotAllowed),
        };
    }

    private HttpResponseMessage Put(Digest digest, ContentRangeHeaderValue range, byte[] body)
    {
        Puts++;
        var there = Partial.GetValueOrDefault(digest, []);
        if (range.From != there.Length) return WithOffset(HttpStatusCode.Conflict, digest);
        Partial[digest] = there = [.. there, .. body];
        if (there.Length < range.Length) return WithOffset(HttpStatusCode.Accepted, digest);
        Partial.TryRemove(digest, out _);
        if (Digest.Of(there) != digest) return new HttpResponseMessage(HttpStatusCode.UnprocessableEntity);
        Whole[digest] = there;
        return new HttpResponseMessage(HttpStatusCode.Created);
    }

    private HttpResponseMessage Get(Digest digest, RangeHeaderValue? range)
    {
        if (!Whole.TryGetValue(digest, out var bytes)) return new HttpResponseMessage(HttpStatusCode.NotFound);
        var from = (int)(range?.Ranges.Single().From ?? 0);
        return new HttpResponseMessage(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent) { Content = new ByteArrayContent(bytes[from..]) };
    }

    private HttpResponseMessage WithOffset(HttpStatusCode status, Digest digest)
    {
        var reply = new HttpResponseMessage(status);
        reply.Headers.Add(BlobPaths.UploadOffset, Partial.GetValueOrDefault(digest, []).Length.ToString());
        return reply;
    }

    /// <summary>An answer that is a status and nothing else.</summary>
    public static HttpResponseMessage Status(Grpc.Core.StatusCode status)
    {
        var reply = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new ByteArrayContent([]) };
        reply.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        reply.Headers.Add("grpc-status", ((int)status).ToString());
        return reply;
    }

    /// <summary>One message and its good end.</summary>
    public static HttpResponseMessage Reply(IMessage message)
    {
        var bytes = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 5);
        message.WriteTo(bytes.AsSpan(5));
        var reply = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new ByteArrayContent(bytes) };
        reply.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        reply.TrailingHeaders.Add("grpc-status", "0");
        return reply;
    }
}
