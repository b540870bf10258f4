namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>What became of a piece.</summary>
public abstract record PieceOutcome
{
    private PieceOutcome() { }

    /// <summary>The blob is whole, verified and durable.</summary>
    public sealed record Whole : PieceOutcome;

    /// <summary>The piece is kept; the next one begins at <paramref name="Offset"/>.</summary>
    public sealed record More(long Offset) : PieceOutcome;

    /// <summary>Nothing was taken: the upload goes on at <paramref name="Offset"/>.</summary>
    public sealed record WrongOffset(long Offset) : PieceOutcome;

    /// <summary>The bytes are not what their digest says; all of them were discarded.</summary>
    public sealed record DigestMismatch : PieceOutcome;

    /// <summary>The piece goes beyond the length that was announced; what was here before it is kept.</summary>
    public sealed record TooLong(long Total) : PieceOutcome;

    /// <summary>The disk is full; what was kept ends at <paramref name="Offset"/>, where the upload goes on when there is space.</summary>
    public sealed record DiskFull(long Offset) : PieceOutcome;
}
