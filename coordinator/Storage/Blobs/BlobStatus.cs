namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>How much of a blob is here.</summary>
public abstract record BlobStatus
{
    private BlobStatus() { }

    /// <summary>All of it, verified.</summary>
    public sealed record Whole(long Length) : BlobStatus;

    /// <summary>Its beginning: the upload goes on at <paramref name="Offset"/>.</summary>
    public sealed record Partial(long Offset) : BlobStatus;

    /// <summary>Nothing.</summary>
    public sealed record Absent : BlobStatus;
}
