using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Aggregation;

/// <summary>Normalised averaging: next = base + residual + rate·τ·d, with d the weighted mean of the sites' deltas a step. Thread-safe; O(d).</summary>
/// <remarks>
/// Wang et al., NeurIPS 2020, equation 10 (arXiv:2007.07481), for plain SGD, where ‖aᵢ‖₁ is the number of steps: sites send Δᵢ/τᵢ, and
/// τ = Σ wᵢτᵢ / Σ wᵢ is the opened count <see cref="CountNames.WeightedSteps"/> over the opened weight. f = (rate·cap/weight)·(steps/weight).
/// </remarks>
internal static class FedNova
{
    public static IStrategy Of(Domain.Studies.Strategy.FedNova plan) => new ServerStep(plan.Kind, moments: 0, (sum, weight, _, _) =>
        (sum.Values.AsMemory(), plan.ServerRate * sum.WeightCap / weight * (sum.Count(CountNames.WeightedSteps) / (double)weight)));
}
