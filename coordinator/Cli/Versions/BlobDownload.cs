using System.Net;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Cli.Versions;

/// <summary>Fetches a blob whose digest and length are known, and nothing else.</summary>
internal static class BlobDownload
{
    private const int PieceBytes = 1 << 20;

    /// <exception cref="InvalidDataException">The coordinator has it not, or sends other bytes.</exception>
    public static async Task To(Stream destination, HttpClient http, Digest digest, long length, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, BlobPaths.Of(digest)) { Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) throw new InvalidDataException($"The coordinator has no blob {digest.Short}.");
        response.EnsureSuccessStatusCode();

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var piece = new byte[PieceBytes];
        var total = 0L;
        for (int read; (read = await body.ReadAsync(piece, cancellationToken)) > 0;)
        {
            // Never more than was announced, however long the answer is.
            if ((total += read) > length) throw new InvalidDataException($"The blob {digest.Short} is longer than {length} bytes.");
            hash.AppendData(piece, 0, read);
            await destination.WriteAsync(piece.AsMemory(0, read), cancellationToken);
        }
        if (total != length || new Digest(hash.GetHashAndReset()) != digest)
            throw new InvalidDataException($"The {total} bytes received are not those of blob {digest.Short}.");
    }
}
