using DeepSeek.Federated.Domain.Policies;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What a site says to a study as a whole.</summary>
public abstract record StudyAnswer
{
    private StudyAnswer() { }

    /// <summary>Yes.</summary>
    public sealed record Approve : StudyAnswer;

    /// <summary>No. The sentence is for the steward and for the leaf's private part.</summary>
    public sealed record Decline(RefusalReason Reason, string Sentence) : StudyAnswer;

    /// <summary>The policy allows it and leaves the word to the steward, who has not spoken.</summary>
    public sealed record AskSteward : StudyAnswer;
}
