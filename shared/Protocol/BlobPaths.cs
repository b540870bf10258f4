using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Protocol;

/// <summary>
/// The data plane: content-addressed blobs on the coordinator's one port.
/// <list type="bullet">
/// <item><c>HEAD /blobs/DIGEST</c>: 200 with Content-Length when whole; 404 with <c>Upload-Offset</c> (bytes already there) otherwise.</item>
/// <item><c>PUT /blobs/DIGEST</c> with <c>Content-Range: bytes A-B/TOTAL</c>: A must equal the offset; 201 when whole and the digest agrees,
/// 202 with <c>Upload-Offset</c> while more is wanted, 409 with <c>Upload-Offset</c> on another offset, 422 when whole bytes do not match the digest (what was there is discarded),
/// 413 when TOTAL is more than the caller may send, 507 when the disk is full.</item>
/// <item><c>GET /blobs/DIGEST</c>, with <c>Range</c>: the bytes.</item>
/// </list>
/// </summary>
public static class BlobPaths
{
    /// <summary>Header that tells how many bytes of an upload are there.</summary>
    public const string UploadOffset = "Upload-Offset";

    /// <summary>The path of a blob.</summary>
    public static string Of(Digest digest) => $"/blobs/{digest}";
}
