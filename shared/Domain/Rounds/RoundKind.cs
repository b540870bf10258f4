namespace DeepSeek.Federated.Domain.Rounds;

/// <summary>What the sites of a round do with the base version.</summary>
public enum RoundKind
{
    /// <summary>Evaluate it, train from it, send the protected delta and the evaluation's counts.</summary>
    Training,
    /// <summary>Evaluate it and send the protected counts.</summary>
    Evaluation,
}

/// <summary>Why a round gave nothing.</summary>
public enum RoundFailure
{
    /// <summary>Fewer sites than the minimum had sent an update when the round closed.</summary>
    TooFewParticipants,
    /// <summary>The sum was not what its participants could have made, or the step left the version's grid.</summary>
    AggregateUnusable,
    /// <summary>The study was stopped.</summary>
    Stopped,
}
