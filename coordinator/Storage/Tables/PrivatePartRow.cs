namespace DeepSeek.Federated.Storage.Tables;

/// <summary>What a leaf commits to without showing: salt and canonical JSON. The only row that may be deleted.</summary>
internal sealed class PrivatePartRow
{
    public required long Leaf { get; init; }
    public required byte[] Data { get; init; }
}
