using System.Diagnostics;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Aggregation;

/// <summary>The server's side of the strategy that a manifest names.</summary>
public static class Strategies
{
    /// <summary>Makes it.</summary>
    public static IStrategy For(StudyManifest manifest) => For(manifest.Strategy, manifest.Training);

    internal static IStrategy For(Strategy strategy, TrainingPlan training) => strategy switch
    {
        Strategy.FedAvg plan     => FedAvg.Of(plan.Kind, plan.ServerRate),
        Strategy.FedAvgM plan    => FedAvgM.Of(plan),
        Strategy.FedProx plan    => FedAvg.Of(plan.Kind, plan.ServerRate),
        Strategy.FedAdam plan    => Adaptive.Of(plan),
        Strategy.FedYogi plan    => Adaptive.Of(plan),
        Strategy.FedAdagrad plan => Adaptive.Of(plan),
        Strategy.Scaffold plan   => Scaffold.Of(plan, training),
        Strategy.FedNova plan    => FedNova.Of(plan),
        Strategy.Ditto plan      => FedAvg.Of(plan.Kind, plan.ServerRate),
        _ => throw new UnreachableException($"{strategy.GetType().Name} has no implementation."),
    };
}
