namespace DeepSeek.Federated.Storage.Tables;

/// <summary>One leaf. <see cref="Data"/> is what is hashed; stream and sequence are taken out of it to be searched by.</summary>
internal sealed class LeafRow
{
    public required long Index { get; init; }
    public required string Stream { get; init; }
    public required long Sequence { get; init; }
    public required byte[] Data { get; init; }
}
