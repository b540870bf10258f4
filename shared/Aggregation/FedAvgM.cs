namespace DeepSeek.Federated.Aggregation;

/// <summary>Averaging with momentum at the server: m = βm + d; next = base + residual + rate·m, with d the weighted mean. Thread-safe; O(d).</summary>
/// <remarks>Hsu, Qi and Brown 2019 (arXiv:1909.06335). d = sum·(cap / Σmin(nᵢ, cap)); m is 0 before the first step.</remarks>
internal static class FedAvgM
{
    public static IStrategy Of(Domain.Studies.Strategy.FedAvgM plan) => new ServerStep(plan.Kind, moments: 1, (sum, weight, kept, _) =>
    {
        var (m, mean) = (kept[0], (double)sum.WeightCap / weight);
        for (var i = 0; i < m.Length; i++) m[i] = plan.Momentum * m[i] + sum.Values[i] * mean;
        return (m, plan.ServerRate);
    });
}
