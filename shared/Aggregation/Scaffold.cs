using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Aggregation;

/// <summary>Averaging, and the server's control variate c beside it. Thread-safe; O(d).</summary>
/// <remarks>
/// Karimireddy et al., ICML 2020, Algorithm 1, option II (arXiv:1910.06378), with means weighted by samples: next = base + residual + rate·d and
/// c = c + (S/N)·(-c - d/(K·η)), where d is the weighted mean of the sites' deltas, S of N invited sites took part, and every site took K steps of
/// rate η. The paper lets each site send its Δcᵢ = -c - Δyᵢ/(K·η) as a second vector. Where K and η are the same everywhere, that vector is an affine
/// function of Δyᵢ, so the sum of all Δcᵢ follows from the sum that is opened anyway: half the bytes, and one vector less that rounding or noise
/// touches. A manifest with different K is refused. Sites read c from the strategy's state (moment 0).
/// </remarks>
internal static class Scaffold
{
    public static IStrategy Of(Strategy.Scaffold plan, TrainingPlan training)
    {
        var perStep = 1 / (training.LocalSteps * training.LearningRate);
        return new ServerStep(plan.Kind, moments: 1, (sum, weight, kept, cohort) =>
        {
            var (c, mean, share) = (kept[0], (double)sum.WeightCap / weight, (double)sum.Participants / cohort);
            for (var i = 0; i < c.Length; i++) c[i] += share * (-c[i] - sum.Values[i] * mean * perStep);
            return (sum.Values.AsMemory(), plan.ServerRate * sum.WeightCap / weight);
        });
    }
}
