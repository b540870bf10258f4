namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>One of the blobs to be folded is not an update of the round's ring.</summary>
/// <param name="index">Its place in the list that was to be folded: who is to blame.</param>
/// <param name="reason">What is wrong with it, without its values.</param>
public sealed class InvalidBlobException(int index, string reason) : Exception($"Update {index} of the fold is refused: {reason}")
{
    /// <summary>The blob's place in the list.</summary>
    public int Index { get; } = index;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
