using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Strategies;

/// <summary>FedProx at a site: the loss has the further term μ/2·‖w - wᵗ‖². Li et al., MLSys 2020 (arXiv:1812.06127).</summary>
internal sealed class FedProxSite(Strategy.FedProx plan, float[] start) : SiteStrategy
{
    public override IReadOnlyList<GradientTerm> Terms { get; } = [new GradientTerm.Proximal(plan.Mu, start)];
}
