using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>The tree head: one row, moved only from the size and root that the writer knows.</summary>
internal sealed class HeadRow
{
    public const int Only = 1;

    public required int Id { get; init; }
    public required long Size { get; set; }
    public required Digest Root { get; set; }
    public required byte[] Note { get; set; }
}
