using DeepSeek.Federated.Domain.Policies;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>No update can be made for a round; the site declines it with this reason.</summary>
public sealed class NoUpdateException(RefusalReason reason, string sentence) : Exception(sentence)
{
    public RefusalReason Reason { get; } = reason;
}
