using DeepSeek.Federated.Aggregation.Kernels;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Aggregation;

/// <summary>Adaptive optimizers at the server: next = base + residual + rate·m/(√v + τ). Thread-safe; O(d).</summary>
/// <remarks>
/// Reddi et al., ICLR 2021, Algorithm 2 (arXiv:2003.00295). d is the weighted mean, sum·(cap / Σmin(nᵢ, cap)); m = β₁m + (1-β₁)d; v by the kind:
/// <see cref="AdamMoment"/>, <see cref="YogiMoment"/>, <see cref="AdagradMoment"/>. m = v = 0 before the first step, and there is no bias correction
/// (the paper's v₋₁ ≥ τ² is a choice of start; FLamby, whose figures these reproduce, starts from 0).
/// </remarks>
internal static class Adaptive
{
    public static IStrategy Of(Strategy.FedAdam plan) => Make(plan, new AdamMoment(plan.Beta2), plan.Beta1, plan.Tau);

    public static IStrategy Of(Strategy.FedYogi plan) => Make(plan, new YogiMoment(plan.Beta2), plan.Beta1, plan.Tau);

    public static IStrategy Of(Strategy.FedAdagrad plan) => Make(plan, new AdagradMoment(), plan.Beta1, plan.Tau);

    private static ServerStep Make<TRule>(Strategy plan, TRule rule, double beta, double tau) where TRule : struct, ISecondMoment =>
        new(plan.Kind, moments: 2, (sum, weight, kept, _) =>
        {
            var move = new double[kept[0].Length];
            var terms = new AdaptiveKernel.Terms((double)sum.WeightCap / weight, beta, plan.ServerRate, tau);
            AdaptiveKernel.Run(KernelPaths.Best, rule, terms, sum.Values.AsSpan(), kept[0], kept[1], move);
            return (move, 1.0);
        });
}
