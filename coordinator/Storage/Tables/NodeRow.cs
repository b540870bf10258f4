using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>The hash of one complete subtree, leaves included. Written once, never changed.</summary>
internal sealed class NodeRow
{
    public required long Position { get; init; }
    public required Digest Hash { get; init; }

    /// <summary>The subtree's place when the tree's nodes are counted from left to right: one number for level and index, and the rows lie in the order
    /// in which they are written.</summary>
    public static long PositionOf(int level, long index) => checked((((2 * index) + 1) << level) - 1);
}
