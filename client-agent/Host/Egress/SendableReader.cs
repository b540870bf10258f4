using System.Buffers.Binary;
using System.Globalization;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>Tells from method, path and bytes what a request is. What it cannot read in full, it does not name, and the gate does not send.</summary>
internal sealed class SendableReader(EventCatalog catalog, SentUpdates updates)
{
    private const string Enrolment = "/deepseek.federated.v1.Enrolment/", Agents = "/deepseek.federated.v1.Agents/", Blobs = "/blobs/";

    /// <exception cref="EgressRefusedException">It is nothing that may leave.</exception>
    public Sendable Read(HttpRequestMessage request, ReadOnlyMemory<byte> body) => (request.Method.Method, request.RequestUri!.PathAndQuery) switch
    {
        ("POST", Enrolment + "Greet") => Whole(GreetRequest.Parser, body, new Sendable.Greeting()),
        ("POST", Enrolment + "Enrol") => Whole(EnrolRequest.Parser, body, new Sendable.Enrolment()),
        ("POST", Agents + "Watch")    => Whole(LeavesRequest.Parser, body, new Sendable.LeavesWanted("watch")),
        ("POST", Agents + "Poll")     => Whole(LeavesRequest.Parser, body, new Sendable.LeavesWanted("poll")),
        ("POST", Agents + "Renew")    => Whole(RenewRequest.Parser, body, new Sendable.Renewal()),
        ("POST", Agents + "State")    => Statement(body),
        ("GET", "/ca") when body.IsEmpty => new Sendable.AuthorityWanted(),
        ("GET", var path) when body.IsEmpty && Blob(path) is { } blob  => new Sendable.BlobWanted(blob, "blob-read"),
        ("HEAD", var path) when body.IsEmpty && Blob(path) is { } blob => new Sendable.BlobWanted(blob, "blob-status"),
        ("PUT", var path) when Blob(path) is { } blob => Piece(blob, request, body),
        var (method, path) => throw new EgressRefusedException($"Nothing of the kind '{method} {path}' may leave this site."),
    };

    private static Digest? Blob(string path) =>
        path.StartsWith(Blobs, StringComparison.Ordinal) && Digest.TryParse(path[Blobs.Length..], out var digest) ? digest : null;

    private Sendable.BlobPiece Piece(Digest blob, HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        if (updates.Find(blob) is not { } update) throw new EgressRefusedException($"Blob {blob.Short} is not an update that this site made for an open round.");
        if (request.Content?.Headers.ContentRange is not { Unit: "bytes", From: { } from, To: { } to, Length: { } total } || total != update.Bytes
            || to - from + 1 != body.Length || to >= total)
            throw new EgressRefusedException("A piece of an update must say which bytes of it these are.");
        if (body.Length > WireLimits.UploadPieceBytes) throw new EgressRefusedException($"A piece has at most {WireLimits.UploadPieceBytes} bytes.");
        // The entry will say that these bytes lie in that file: so they must.
        using var file = new FileStream(update.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var stored = new byte[body.Length];
        file.Position = from;
        if (file.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false) < stored.Length || !body.Span.SequenceEqual(stored))
            throw new EgressRefusedException("The piece is not what lies in the update's file.");
        return new Sendable.BlobPiece(blob, from, total, update);
    }

    private Sendable.Statement Statement(ReadOnlyMemory<byte> body)
    {
        var request = Message(StatementRequest.Parser, body);
        try
        {
            if (request.PrivatePart.Length > WireLimits.PrivatePartBytes)
                throw new EgressRefusedException($"The private part of a statement has at most {WireLimits.PrivatePartBytes} bytes.");
            if (!request.PrivatePart.IsEmpty) PrivateSentence.Read(request.PrivatePart.Memory);
            return new Sendable.Statement(catalog.Decode(request.Type, 1, request.Body.Memory));
        }
        catch (FormatException broken)
        {
            throw new EgressRefusedException(string.Create(CultureInfo.InvariantCulture, $"The statement cannot be read, so it does not leave: {broken.Message}"));
        }
    }

    private static Sendable Whole<T>(MessageParser<T> parser, ReadOnlyMemory<byte> body, Sendable what) where T : IMessage<T>
    {
        Message(parser, body);
        return what;
    }

    /// <summary>One uncompressed gRPC message, and every byte of it accounted for.</summary>
    private static T Message<T>(MessageParser<T> parser, ReadOnlyMemory<byte> body) where T : IMessage<T>
    {
        if (body.Length < 5 || body.Span[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]) != body.Length - 5)
            throw new EgressRefusedException("A request must be one uncompressed message.");
        try
        {
            var message = parser.WithDiscardUnknownFields(true).ParseFrom(body.Span[5..]);
            return message.CalculateSize() == body.Length - 5 ? message : throw new EgressRefusedException("A request has fields that are not known here.");
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new EgressRefusedException($"A request cannot be read: {broken.Message}");
        }
    }
}
