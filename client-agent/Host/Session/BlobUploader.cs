using System.Globalization;
using System.Net;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Protocol;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Brings an update to the coordinator, piece by piece, from wherever the last attempt got to.</summary>
public sealed class BlobUploader(IWireSource wires, int pieceBytes, TimeProvider clock, CrashPoint crash, ILogger log)
{
    private const int MostMismatches = 3, MostStandstills = 10;

    /// <summary>Ends when the coordinator has the whole blob.</summary>
    /// <param name="update">What to send; it must be admitted at the gate.</param>
    /// <param name="progress">Told bytes there, of all.</param>
    /// <param name="cancellationToken">Ends the attempt; what arrived stays there.</param>
    /// <exception cref="UploadRefusedException">The coordinator will not take it.</exception>
    /// <exception cref="EgressRefusedException">The site's own gate will not let it out.</exception>
    public async Task Upload(SentUpdate update, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var (backoff, mismatches, standstills, pieces) = (new Backoff(clock), 0, 0, 0);
        long? offset = null;
        while (offset != update.Bytes)
        {
            var wire = wires.Current;
            try
            {
                offset ??= await Status(wire, update, cancellationToken);
                if (offset == update.Bytes) return;
                var answer = await Put(wire, update, offset.Value, cancellationToken);
                if (answer.Status == HttpStatusCode.UnprocessableEntity && ++mismatches >= MostMismatches)
                    throw new UploadRefusedException($"The bytes did not arrive as they were sent, {MostMismatches} times. Something on the way changes them.");
                if (answer.Status is HttpStatusCode.InsufficientStorage or >= HttpStatusCode.InternalServerError)
                    throw new HttpRequestException(answer.Status == HttpStatusCode.InsufficientStorage ? "The coordinator's disk is full." : $"The coordinator answered {(int)answer.Status}.");
                // A coordinator that takes pieces and keeps none would be sent the same bytes for ever.
                if (answer.Offset <= offset && ++standstills >= MostStandstills)
                    throw new UploadRefusedException($"The coordinator has kept nothing of what was sent, {MostStandstills} times. Ask its operators.");
                if (answer.Offset > offset) backoff.Succeeded();
                offset = answer.Offset;
                progress(offset.Value, update.Bytes);
                crash.Reach("upload-piece", update.Round, ++pieces);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Trouble.Of(failure, wire) is Trouble.Passing passing)
            {
                log.Disconnected(passing.Sentence);
                offset = null;
                await backoff.Wait(cancellationToken);
            }
        }
    }

    private async Task<long> Status(Wire wire, SentUpdate update, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(clock, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Head, BlobPaths.Of(update.Blob));
        using var reply = await Send(wire, request, guard);
        return reply.StatusCode switch
        {
            HttpStatusCode.OK       => update.Bytes,
            HttpStatusCode.NotFound => Offset(reply) ?? 0,
            _                       => throw await Refusal(reply, guard.Token),
        };
    }

    private async Task<(HttpStatusCode Status, long Offset)> Put(Wire wire, SentUpdate update, long offset, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(clock, cancellationToken);
        var piece = new byte[Math.Min(pieceBytes, update.Bytes - offset)];
        await using (var file = new FileStream(update.Path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            file.Position = offset;
            await file.ReadExactlyAsync(piece, guard.Token);
        }
        using var request = new HttpRequestMessage(HttpMethod.Put, BlobPaths.Of(update.Blob)) { Content = new PieceContent(piece, offset, update.Bytes, _ => guard.Moved()) };
        using var reply = await Send(wire, request, guard);
        return reply.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK             => (reply.StatusCode, update.Bytes),
            HttpStatusCode.Accepted or HttpStatusCode.Conflict when Offset(reply) is { } there && there <= update.Bytes => (reply.StatusCode, there),
            HttpStatusCode.UnprocessableEntity                      => (reply.StatusCode, 0),
            >= HttpStatusCode.InternalServerError                   => (reply.StatusCode, offset),
            _                                                       => throw await Refusal(reply, guard.Token),
        };
    }

    private static async Task<HttpResponseMessage> Send(Wire wire, HttpRequestMessage request, StallGuard guard)
    {
        try
        {
            return await wire.Blobs.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, guard.Token);
        }
        catch (OperationCanceledException) when (guard.Stalled)
        {
            throw new TimeoutException("Nothing moved for 30 seconds; the transfer goes on over a new connection.");
        }
    }

    private static long? Offset(HttpResponseMessage reply) =>
        reply.Headers.TryGetValues(BlobPaths.UploadOffset, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;

    private static async Task<Exception> Refusal(HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        if (reply.StatusCode >= HttpStatusCode.InternalServerError) return new HttpRequestException($"The coordinator answered {(int)reply.StatusCode}.");
        var text = await reply.Content.ReadAsStringAsync(cancellationToken);
        return new UploadRefusedException($"The coordinator does not take the update ({(int)reply.StatusCode} {reply.ReasonPhrase}). {(text.Length > 500 ? text[..500] : text)}");
    }
}

/// <summary>The coordinator will not take an update, and sending it again would not help.</summary>
public sealed class UploadRefusedException(string message) : Exception(message);
