namespace DeepSeek.Federated.Aggregation;

/// <summary>Federated averaging with weights by samples: next = base + residual + rate · Σwᵢxᵢ / Σwᵢ, put on the grid. Thread-safe; O(d).</summary>
/// <remarks>
/// McMahan et al., AISTATS 2017, Algorithm 1 (arXiv:1602.05629), with nᵢ capped: wᵢ = min(nᵢ, cap)/cap. Order of operations, part of the definition:
/// f = (rate·cap) / Σmin(nᵢ, cap); v = (base·2^-g + residual) + sum·f; integer = v·2^g rounded, ties to even; residual = v - integer·2^-g.
/// Sums are exact integers times the unit, so |error of the mean| ≤ unit/w_min of rounding at the sites and a few ulp here.
/// FedProx and Ditto differ from it at the sites only.
/// </remarks>
internal static class FedAvg
{
    public static IStrategy Of(string kind, double rate) =>
        new ServerStep(kind, moments: 0, (sum, weight, _, _) => (sum.Values.AsMemory(), rate * sum.WeightCap / weight));
}
