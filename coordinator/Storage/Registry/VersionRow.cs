using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>One point of a model line and the blobs that hold it.</summary>
internal sealed class VersionRow
{
    public required Digest Version { get; init; }
    public required string Study { get; init; }
    public required int Round { get; init; }
    public required Digest Content { get; init; }
    public required Digest? Parent { get; init; }
    public required Digest Snapshot { get; init; }
    public required long SnapshotBytes { get; init; }
    public required Digest? Delta { get; init; }
    public required long DeltaBytes { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }
}
