using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Aggregation;

/// <summary>Turns an aggregate into the next version: a pure function, in double with + - × ÷ √ in fixed order, so that it replays bit for bit.</summary>
public interface IStrategy
{
    /// <summary>The name that manifests, ledgers and tables use.</summary>
    string Kind { get; }

    /// <summary>One step.</summary>
    /// <param name="base">The version that the participants trained from.</param>
    /// <param name="state">What the step before left; <see cref="StrategyState.None"/> at the start. Neither it nor the base is changed.</param>
    /// <param name="sum">The aggregate; its values are as many as the base's.</param>
    /// <param name="cohort">Sites invited to the round, participants or not; at least as many as took part.</param>
    /// <exception cref="ArgumentException">The sum or the state belongs to another model, or the state to another strategy.</exception>
    StrategyOutcome Step(VersionContent @base, StrategyState state, OpenedSum sum, int cohort);
}
