using System.Diagnostics;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Aggregation;

/// <summary>The strategy that a manifest names.</summary>
public static class Strategies
{
    /// <summary>Makes it.</summary>
    public static IStrategy For(Strategy strategy) => strategy switch
    {
        Strategy.FedAvg plan => new FedAvg(plan),
        _ => throw new UnreachableException($"{strategy.GetType().Name} has no implementation."),
    };
}
