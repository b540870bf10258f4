namespace DeepSeek.Federated.Domain.Studies;

/// <summary>What a site does in one round: mini-batch SGD, shuffled, the last partial batch kept, the sampler going on over rounds.</summary>
/// <param name="LocalSteps">Optimizer steps a round, 1 to 1,000,000; 0 when <paramref name="LocalEpochs"/> says it.</param>
/// <param name="BatchSize">Rows a step; 1 to 65,536.</param>
/// <param name="LearningRate">Above 0, at most 100.</param>
/// <param name="Momentum">0 to below 1; 0 is plain SGD.</param>
/// <param name="WeightDecay">L2 penalty, 0 to 1.</param>
/// <param name="LocalEpochs">Passes over the site's own rows, 1 to 10,000: larger sites then take more steps; 0 when <paramref name="LocalSteps"/> says it.</param>
public sealed record TrainingPlan(int LocalSteps, int BatchSize, double LearningRate, double Momentum, double WeightDecay, int LocalEpochs = 0)
{
    /// <summary>Optimizer steps of a site with <paramref name="rows"/> training rows.</summary>
    public long StepsOver(int rows) => LocalEpochs == 0 ? LocalSteps : LocalEpochs * ((rows + (long)BatchSize - 1) / BatchSize);
}
