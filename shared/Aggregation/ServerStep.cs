using System.Runtime.InteropServices;
using DeepSeek.Federated.Aggregation.Kernels;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Aggregation;

/// <summary>What all strategies have in common: check, take the moments of the step before, move, put the result on the grid.</summary>
/// <param name="kind">The strategy's name.</param>
/// <param name="moments">How many vectors it keeps beside the residual.</param>
/// <param name="move">The strategy itself.</param>
internal sealed class ServerStep(string kind, int moments, ServerStep.Mover move) : IStrategy
{
    /// <summary>Makes the move of one step.</summary>
    /// <param name="sum">The aggregate.</param>
    /// <param name="weight">Its count "weight", above 0: Σ min(nᵢ, cap).</param>
    /// <param name="kept">The strategy's moments, changed in place; zeros before the first step.</param>
    /// <param name="cohort">Sites invited.</param>
    /// <returns>The move and what it is to be multiplied by.</returns>
    internal delegate (ReadOnlyMemory<double> Move, double Factor) Mover(OpenedSum sum, long weight, double[][] kept, int cohort);

    public string Kind => kind;

    public StrategyOutcome Step(VersionContent @base, StrategyState state, OpenedSum sum, int cohort)
    {
        var length = @base.Values.Length;
        if (sum.Values.Length != length) throw new ArgumentException($"The base has {length} values, the sum {sum.Values.Length}.", nameof(sum));
        if (!state.IsNone && (state.Kind != kind || state.Residual.Length != length || state.Moments.Length != moments))
            throw new ArgumentException($"The state is {state.Kind}'s of {state.Residual.Length} values; {kind} of {length} is due.", nameof(state));
        ArgumentOutOfRangeException.ThrowIfLessThan(cohort, sum.Participants);
        var weight = sum.Count(CountNames.Weight);
        if (weight == 0) return new StrategyOutcome.NoWeight();

        var kept = new double[moments][];
        for (var i = 0; i < moments; i++) kept[i] = state.IsNone ? new double[length] : [.. state.Moments[i]];
        var (moved, factor) = move(sum, weight, kept, cohort);
        var steps = new int[length];
        var residual = state.IsNone ? new double[length] : [.. state.Residual];
        var outside = GridKernel.Run(KernelPaths.Best, (@base.Step, factor), @base.Values.AsSpan(), moved.Span, residual, steps);
        if (outside >= 0) return new StrategyOutcome.GridOverflow(@base.Layout.SharedAt(outside).Name, @base.Spec.GridBits);
        return new StrategyOutcome.Stepped(
            new VersionContent(@base.Spec, ImmutableCollectionsMarshal.AsImmutableArray(steps)),
            new StrategyState(kind, ImmutableCollectionsMarshal.AsImmutableArray(residual), [.. kept.Select(ImmutableCollectionsMarshal.AsImmutableArray)]));
    }
}
