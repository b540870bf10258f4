using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Fetches a blob into a file, going on where an earlier attempt ended, and checks its digest.</summary>
/// <param name="wires">The connections.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told of every break.</param>
/// <param name="mostBreaks">Breaks in a row, without a byte between them, after which the last one is thrown; null to try for as long as it takes.</param>
public sealed class BlobDownloader(IWireSource wires, TimeProvider clock, ILogger log, int? mostBreaks = null)
{
    private const int MostMismatches = 3;

    /// <summary>Ends when the file at <paramref name="path"/> is exactly the blob.</summary>
    /// <exception cref="InvalidDataException">The coordinator does not have it, or what it sends is something else.</exception>
    public async Task Fetch(Digest blob, long bytes, string path, CancellationToken cancellationToken)
    {
        SiteDirectory.MakeFolder(Path.GetDirectoryName(path)!);
        var backoff = new Backoff(clock);
        var (breaks, there) = (0, Length(path));
        for (var mismatches = 0; mismatches < MostMismatches;)
        {
            var wire = wires.Current;
            try
            {
                await Continue(wire, blob, bytes, path, backoff, cancellationToken);
                if (await IsWhole(path, blob, cancellationToken)) return;
                File.Delete(path);
                mismatches++;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Trouble.Of(failure, wire) is Trouble.Passing passing)
            {
                log.Disconnected(passing.Sentence);
                (breaks, there) = (Length(path) > there ? 1 : breaks + 1, Length(path));
                if (breaks >= mostBreaks) throw;
                await backoff.Wait(cancellationToken);
            }
        }
        throw new InvalidDataException($"Blob {blob.Short} does not have its digest, {MostMismatches} times. Something on the way, or the coordinator, changes it.");
    }

    private async Task Continue(Wire wire, Digest blob, long bytes, string path, Backoff backoff, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (file.Length > bytes) file.SetLength(0);
        if (file.Length == bytes) return;
        using var guard = new StallGuard(clock, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, BlobPaths.Of(blob));
            if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
            using var reply = await wire.Blobs.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, guard.Token);
            if (reply.StatusCode == HttpStatusCode.NotFound) throw new InvalidDataException($"The coordinator has no blob {blob.Short}.");
            if (reply.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) throw new HttpRequestException($"The coordinator answered {(int)reply.StatusCode}.");
            if (reply.StatusCode == HttpStatusCode.OK) file.SetLength(0);
            file.Position = file.Length;
            await using var body = await reply.Content.ReadAsStreamAsync(guard.Token);
            var buffer = new byte[64 * 1024];
            for (int read; (read = await Read(body, buffer, guard.Token)) > 0;)
            {
                if (file.Length + read > bytes) throw new InvalidDataException($"Blob {blob.Short} is longer than the ledger says.");
                await file.WriteAsync(buffer.AsMemory(0, read), guard.Token);
                guard.Moved();
                backoff.Succeeded();
            }
            if (file.Length < bytes) throw new HttpRequestException("The connection ended before the blob did.");
            file.Flush(flushToDisk: true);
        }
        catch (OperationCanceledException) when (guard.Stalled)
        {
            throw new TimeoutException("Nothing moved for 30 seconds; the transfer goes on over a new connection.");
        }
    }

    // TLS tells a cut connection by the very exception that a disk throws: only here it is known which of the two it was.
    private static async Task<int> Read(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException cut)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, cut.Message, cut);
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static async Task<bool> IsWhole(string path, Digest blob, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return new Digest(await SHA256.HashDataAsync(file, cancellationToken)) == blob;
    }
}
