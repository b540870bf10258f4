using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Storage.Blobs;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The data plane: <see cref="BlobPaths"/>. Bytes stream between the socket and the store; nothing is held.</summary>
internal sealed class BlobEndpoints(IBlobStore blobs, BlobRights rights, UploadSlots slots, ILogger<BlobEndpoints> log)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Path = "/blobs/{digest}";
        routes.MapMethods(Path, [HttpMethods.Head], static (string digest, HttpContext context, BlobEndpoints endpoints) => endpoints.Head(digest, context));
        routes.MapPut(Path, static (string digest, HttpContext context, BlobEndpoints endpoints) => endpoints.Put(digest, context));
        routes.MapGet(Path, static (string digest, HttpContext context, BlobEndpoints endpoints) => endpoints.Get(digest, context));
    }

    public async Task<IResult> Head(string name, HttpContext context)
    {
        if (Read(name, out var digest) is { } bad) return bad;
        if (rights.MayAsk(context, digest) is { } no) return Results.Problem(no);
        switch (await blobs.Status(digest, context.RequestAborted))
        {
            case BlobStatus.Whole(var length):
                context.Response.ContentLength = length;
                return Results.Empty;
            case BlobStatus.Partial(var all) when BlobRights.SiteOf(context) is not null && rights.MayWrite(context, all) is null:
                // Every byte came, and the process ended before they were verified: nobody would send another piece.
                await blobs.WritePiece(digest, all, all, Stream.Null, CancellationToken.None);
                return await Head(name, context);
            case BlobStatus.Partial(var offset):
                context.Response.Headers[BlobPaths.UploadOffset] = offset.ToString();
                return Results.StatusCode(StatusCodes.Status404NotFound);
            default:
                context.Response.Headers[BlobPaths.UploadOffset] = "0";
                return Results.StatusCode(StatusCodes.Status404NotFound);
        }
    }

    public async Task<IResult> Get(string name, HttpContext context)
    {
        if (Read(name, out var digest) is { } bad) return bad;
        if (rights.MayRead(context, digest) is { } no) return Results.Problem(no);
        return await blobs.Status(digest, context.RequestAborted) is BlobStatus.Whole
            ? Results.Stream(blobs.OpenRead(digest), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{digest}\""), enableRangeProcessing: true)
            : Problem(StatusCodes.Status404NotFound, "blob-missing", "The blob is not here. Restore the coordinator's blobs from its backup.");
    }

    public async Task<IResult> Put(string name, HttpContext context)
    {
        if (Read(name, out var digest) is { } bad) return bad;
        if (!Piece.TryRead(context.Request, out var piece, out var fault)) return Problem(StatusCodes.Status400BadRequest, "bad-range", fault);
        if (rights.MayWrite(context, piece.Total) is { } no) return Results.Problem(no);
        if (piece.Length > WireLimits.UploadPieceBytes)
            return Problem(StatusCodes.Status413PayloadTooLarge, "piece-too-large", $"A piece has at most {WireLimits.UploadPieceBytes} bytes. Send the blob in more pieces.");
        if (await blobs.Status(digest, context.RequestAborted) is BlobStatus.Whole(var length))
            return length == piece.Total ? Results.StatusCode(StatusCodes.Status201Created) : Mismatch();
        if (BlobRights.SiteOf(context) is not { } site) return await Write(digest, piece, context);

        using var slot = await slots.Take(site, digest);
        return slot is not null
            ? await Write(digest, piece, context)
            : Problem(StatusCodes.Status429TooManyRequests, "too-many-uploads", $"{UploadSlots.ASite} uploads of this site are under way. Wait until one of them ends, then go on.");
    }

    private async Task<IResult> Write(Digest digest, Piece piece, HttpContext context)
    {
        var outcome = await blobs.WritePiece(digest, piece.Offset, piece.Total, context.Request.Body, context.RequestAborted);
        if (outcome is PieceOutcome.DigestMismatch && BlobRights.SiteOf(context) is { } from) log.UploadDiscarded(from.Value);
        if (outcome is PieceOutcome.DiskFull) log.DiskFull();
        return Reply(outcome, context);
    }

    private static IResult Reply(PieceOutcome outcome, HttpContext context)
    {
        switch (outcome)
        {
            case PieceOutcome.Whole:
                return Results.StatusCode(StatusCodes.Status201Created);
            case PieceOutcome.More(var offset):
                context.Response.Headers[BlobPaths.UploadOffset] = offset.ToString();
                return Results.StatusCode(StatusCodes.Status202Accepted);
            case PieceOutcome.WrongOffset(var offset):
                context.Response.Headers[BlobPaths.UploadOffset] = offset.ToString();
                return Problem(StatusCodes.Status409Conflict, "wrong-offset", $"The next byte wanted is {offset}. Go on from there.");
            case PieceOutcome.DigestMismatch:
                return Mismatch();
            case PieceOutcome.TooLong(var total):
                return Problem(StatusCodes.Status413PayloadTooLarge, "too-long", $"More bytes came than the {total} of Content-Range; they were not taken.");
            case PieceOutcome.DiskFull:
                return Problem(StatusCodes.Status507InsufficientStorage, "disk-full", "The coordinator's disk is full; what was sent is kept. Tell the operator, then go on.");
            default:
                throw new InvalidOperationException($"{outcome.GetType().Name} has no status.");
        }
    }

    private static IResult Mismatch() =>
        Problem(StatusCodes.Status422UnprocessableEntity, "digest-mismatch", "The bytes do not have the digest in the address and were discarded. Send them from the beginning.");

    private static IResult? Read(string name, out Digest digest) =>
        Digest.TryParse(name, out digest) ? null : Problem(StatusCodes.Status400BadRequest, "bad-digest", "A blob's address ends in its SHA-256: 64 lower-case hex digits.");

    private static IResult Problem(int status, string type, string sentence) => Results.Problem(Problems.Of(status, type, sentence));
}
