using System.Runtime.InteropServices;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Aggregation;

/// <summary>Federated averaging with weights by samples: next = base + residual + rate · Σwᵢxᵢ / Σwᵢ, put on the grid. Thread-safe; O(d).</summary>
/// <remarks>
/// McMahan et al., AISTATS 2017, Algorithm 1 (arXiv:1602.05629), with nᵢ capped: wᵢ = min(nᵢ, cap)/cap. Order of operations, part of the definition:
/// f = (rate·cap) / Σmin(nᵢ, cap); v = (base·2^-g + residual) + sum·f; integer = v·2^g rounded, ties to even; residual = v - integer·2^-g.
/// Sums are exact integers times the unit, so |error of the mean| ≤ unit/w_min of rounding at the sites and a few ulp here.
/// </remarks>
public sealed class FedAvg(Domain.Studies.Strategy.FedAvg plan) : IStrategy
{
    /// <inheritdoc/>
    public string Kind => plan.Kind;

    /// <inheritdoc/>
    public StrategyOutcome Step(VersionContent @base, StrategyState state, OpenedSum sum)
    {
        var length = @base.Values.Length;
        if (sum.Values.Length != length) throw new ArgumentException($"The base has {length} values, the sum {sum.Values.Length}.", nameof(sum));
        if (!state.IsNone && (state.Kind != Kind || state.Residual.Length != length))
            throw new ArgumentException($"The state is {state.Kind}'s of {state.Residual.Length} values; {Kind} of {length} is due.", nameof(state));
        var weight = sum.Count(CountNames.Weight);
        if (weight == 0) return new StrategyOutcome.NoWeight();

        var factor = plan.ServerRate * sum.WeightCap / weight;
        var steps = new int[length];
        var residual = new double[length];
        for (var i = 0; i < length; i++)
        {
            var wanted = @base.Values[i] * @base.Step + (state.IsNone ? 0.0 : state.Residual[i]) + sum.Values[i] * factor;
            if (!Grid.TryRound(wanted, @base.Spec.GridBits, out steps[i]))
                return new StrategyOutcome.GridOverflow(@base.Layout.SharedAt(i).Name, @base.Spec.GridBits);
            residual[i] = wanted - steps[i] * @base.Step;
        }
        return new StrategyOutcome.Stepped(
            new VersionContent(@base.Spec, ImmutableCollectionsMarshal.AsImmutableArray(steps)),
            new StrategyState(Kind, ImmutableCollectionsMarshal.AsImmutableArray(residual)));
    }
}
