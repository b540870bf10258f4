namespace DeepSeek.Federated.Storage.Tables;

/// <summary>A stream and the sequence its next event will have.</summary>
internal sealed class StreamRow
{
    public required string Name { get; init; }
    public required long Next { get; set; }
}
