using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Aggregation;

/// <summary>What came of a strategy's step.</summary>
public abstract record StrategyOutcome
{
    private StrategyOutcome() { }

    /// <summary>For the operator: cause and mend; empty when there is nothing to mend.</summary>
    public abstract string Reason { get; }

    /// <summary>A candidate for the next version, and the state to go on from when it is published.</summary>
    public sealed record Stepped(VersionContent Next, StrategyState State) : StrategyOutcome
    {
        /// <inheritdoc/>
        public override string Reason => "";
    }

    /// <summary>A value left the grid: the round fails. The mend is a coarser grid, a smaller server rate or learning rate.</summary>
    /// <param name="Tensor">The tensor, never the value.</param>
    /// <param name="GridBits">The grid that was too fine.</param>
    public sealed record GridOverflow(string Tensor, int GridBits) : StrategyOutcome
    {
        /// <inheritdoc/>
        public override string Reason =>
            $"Tensor '{Tensor}' left the grid of {GridBits} bits, which reaches ±{Math.ScaleB(1, 31 - GridBits)}: take a coarser grid (fewer bits) or a smaller rate.";
    }

    /// <summary>The participants' weights sum to zero: no encoder of this house does that, so an update was forged.</summary>
    public sealed record NoWeight : StrategyOutcome
    {
        /// <inheritdoc/>
        public override string Reason => "The participants' weights sum to zero, which honest agents cannot do: check who takes part.";
    }
}
