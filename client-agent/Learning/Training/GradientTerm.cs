namespace DeepSeek.Federated.Learning.Training;

/// <summary>What a strategy adds to the gradient of the shared values at every step. Read in place; shape [SharedLength] each.</summary>
public abstract record GradientTerm
{
    private GradientTerm() { }

    /// <summary>The gradient of μ/2·‖w - centre‖²: holds a model near a point. FedProx (Li et al., MLSys 2020) and Ditto's personal model (ICML 2021).</summary>
    /// <param name="Mu">μ, above 0.</param>
    /// <param name="Centre">Usually the version that the round began from.</param>
    public sealed record Proximal(double Mu, float[] Centre) : GradientTerm;

    /// <summary>Takes a fixed vector from the gradient: SCAFFOLD's cᵢ - c (Karimireddy et al., ICML 2020).</summary>
    /// <param name="Drift">cᵢ - c.</param>
    public sealed record Correction(float[] Drift) : GradientTerm;
}
