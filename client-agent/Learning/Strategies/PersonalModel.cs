using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Strategies;

/// <summary>
/// Ditto's personal model v: trained beside the shared one on the same batches, held near it by λ/2·‖v - wᵗ‖², and never sent. Li et al., ICML 2021
/// (arXiv:2012.04221), Algorithm 1.
/// </summary>
public static class PersonalModel
{
    /// <summary>Takes one round's steps.</summary>
    /// <param name="model">Receives v; the shared and local values that it held are lost.</param>
    /// <param name="personal">v as the last round left it, shape [SharedLength + LocalLength]; empty to begin from the shared version.</param>
    /// <param name="start">wᵗ, shape [SharedLength].</param>
    /// <param name="lambda">λ.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="plan">Steps, rate and so on.</param>
    /// <param name="batches">The batches that the shared model was trained on.</param>
    /// <param name="cancellationToken">Ends training between two steps.</param>
    /// <returns>v after the round; null when it is not finite, and the old one is to be kept.</returns>
    public static float[]? Train(
        SiteModel model, float[] personal, float[] start, double lambda, Examples rows, TrainingPlan plan, IBatchSequence batches, CancellationToken cancellationToken)
    {
        Load(model, personal, start);
        if (Trainer.Train(model, rows, plan, batches, [new GradientTerm.Proximal(lambda, start)], null, cancellationToken) is not TrainingOutcome.Trained) return null;
        var trained = new float[model.SharedLength + model.LocalLength];
        model.CopyShared(trained.AsSpan(0, model.SharedLength));
        model.CopyLocal(trained.AsSpan(model.SharedLength));
        return trained;
    }

    /// <summary>Puts v into a model; where there is none yet, the shared version is v.</summary>
    public static void Load(SiteModel model, float[] personal, float[] start)
    {
        model.LoadShared(personal.Length == 0 ? start : personal.AsSpan(0, model.SharedLength));
        if (personal.Length > 0) model.LoadLocal(personal.AsSpan(model.SharedLength));
    }
}
