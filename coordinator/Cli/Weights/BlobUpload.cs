using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Cli.Weights;

/// <summary>The coordinator will not take the bytes, and sending them again would not help.</summary>
internal sealed class UploadRefusedException(string message) : Exception(message);

/// <summary>Brings a file to the coordinator, piece by piece, from wherever an earlier attempt got to.</summary>
internal sealed class BlobUpload(HttpClient http, int pieceBytes, TimeProvider clock)
{
    private const int MostFailures = 5;

    /// <summary>Ends when the coordinator has the whole blob.</summary>
    /// <param name="file">Its bytes; can be sought in.</param>
    /// <param name="digest">Their SHA-256.</param>
    /// <param name="progress">Told how many bytes are there.</param>
    /// <param name="cancellationToken">Ends the attempt; what arrived stays there.</param>
    /// <exception cref="UploadRefusedException">The coordinator will not take it.</exception>
    /// <exception cref="HttpRequestException">The connection failed several times in a row.</exception>
    public async Task From(Stream file, Digest digest, Action<long> progress, CancellationToken cancellationToken)
    {
        var failures = 0;
        for (long? offset = null; ;)
        {
            try
            {
                offset ??= await There(digest, file.Length, cancellationToken);
                progress(offset.Value);
                if (offset == file.Length) return;
                offset = await Put(file, digest, offset.Value, cancellationToken);
                failures = 0;
            }
            catch (HttpRequestException) when (++failures < MostFailures)
            {
                offset = null; // ask what arrived
                await Task.Delay(TimeSpan.FromSeconds(1 << failures), clock, cancellationToken);
            }
        }
    }

    private async Task<long> There(Digest digest, long length, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Head, digest);
        using var reply = await http.SendAsync(request, cancellationToken);
        return reply.StatusCode switch
        {
            HttpStatusCode.OK       => length,
            HttpStatusCode.NotFound => Offset(reply) ?? 0,
            _                       => throw await Refusal(reply, cancellationToken),
        };
    }

    private async Task<long> Put(Stream file, Digest digest, long offset, CancellationToken cancellationToken)
    {
        var piece = new byte[Math.Min(pieceBytes, file.Length - offset)];
        file.Position = offset;
        await file.ReadExactlyAsync(piece, cancellationToken);
        using var request = Request(HttpMethod.Put, digest);
        request.Content = new ByteArrayContent(piece) { Headers = { ContentRange = new ContentRangeHeaderValue(offset, offset + piece.Length - 1, file.Length) } };
        using var reply = await http.SendAsync(request, cancellationToken);
        return reply.StatusCode switch
        {
            HttpStatusCode.Created => file.Length,
            HttpStatusCode.Accepted or HttpStatusCode.Conflict when Offset(reply) is { } there && there != offset && there <= file.Length => there,
            HttpStatusCode.UnprocessableEntity => throw new UploadRefusedException("The bytes arrived changed: the file was written to meanwhile, or something on the way changes it. Submit again."),
            _ => throw await Refusal(reply, cancellationToken),
        };
    }

    private HttpRequestMessage Request(HttpMethod method, Digest digest) =>
        new(method, BlobPaths.Of(digest)) { Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };

    private static long? Offset(HttpResponseMessage reply) =>
        reply.Headers.TryGetValues(BlobPaths.UploadOffset, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;

    private static async Task<Exception> Refusal(HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        var sentence = await Sentence(reply, cancellationToken);
        return reply.StatusCode is >= HttpStatusCode.InternalServerError and not HttpStatusCode.InsufficientStorage
            ? new HttpRequestException(sentence)
            : new UploadRefusedException(sentence);
    }

    private static async Task<string> Sentence(HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        var text = await reply.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var problem = JsonDocument.Parse(text);
            if (problem.RootElement.TryGetProperty("title", out var title) && title.GetString() is { } said) return said;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            // A proxy's page, or nothing: the status has to do.
        }
        return $"The coordinator answered {(int)reply.StatusCode} to the weights.";
    }
}
