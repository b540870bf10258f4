using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Aggregation.Tests;

internal static class Plans
{
    public static readonly TrainingPlan Training = new(LocalSteps: 5, BatchSize: 4, LearningRate: 0.1, Momentum: 0, WeightDecay: 0);
}
