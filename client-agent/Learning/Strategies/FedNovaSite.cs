using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Learning.Strategies;

/// <summary>FedNova at a site: sends the delta a step, and counts its steps by its weight. Wang et al., NeurIPS 2020 (arXiv:2007.07481), for plain SGD.</summary>
internal sealed class FedNovaSite(UpdatePlan update) : SiteStrategy
{
    public override ImmutableSortedDictionary<string, long> Send(float[] deltas, int rows, int steps)
    {
        for (var i = 0; i < deltas.Length; i++) deltas[i] /= steps;
        return ImmutableSortedDictionary<string, long>.Empty.Add(CountNames.WeightedSteps, (long)Math.Min(rows, update.WeightCap) * steps);
    }
}
