namespace DeepSeek.Federated.Storage.Registry;

/// <summary>How far a round is.</summary>
public enum RoundPhase
{
    /// <summary>Sites answer and send.</summary>
    Collecting,
    /// <summary>The participant set is fixed.</summary>
    Closed,
    /// <summary>The sum is open.</summary>
    Revealed,
    /// <summary>The round gave nothing.</summary>
    Failed,
}
