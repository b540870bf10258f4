namespace DeepSeek.Federated.Learning.Training;

/// <summary>What came of training.</summary>
public abstract record TrainingOutcome
{
    private TrainingOutcome() { }

    /// <summary>Every step was taken and every value is finite.</summary>
    /// <param name="Next">Where the sampler goes on.</param>
    /// <param name="MeanLoss">Mean of the steps' losses. Of one site: never to be logged or sent.</param>
    /// <param name="Steps">Steps taken.</param>
    public sealed record Trained(SamplerState Next, double MeanLoss, int Steps) : TrainingOutcome;

    /// <summary>A loss or a value is not finite; the model is of no use. A smaller learning rate is the usual mend.</summary>
    /// <param name="Step">The step, from 1, at which it was seen.</param>
    public sealed record Diverged(int Step) : TrainingOutcome;
}

/// <summary>How far training is, for the screen at the site.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">Steps to take.</param>
/// <param name="Loss">Loss of the last step.</param>
public sealed record TrainingProgress(int Step, int Steps, double Loss);
