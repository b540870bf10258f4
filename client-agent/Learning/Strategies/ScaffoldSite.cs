using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Strategies;

/// <summary>
/// SCAFFOLD at a site: steps along g - cᵢ + c, and afterwards cᵢ = cᵢ - c + (x - yᵢ)/(K·η), option II of Karimireddy et al., ICML 2020
/// (arXiv:1910.06378). Δcᵢ is not sent: see the server's side.
/// </summary>
internal sealed class ScaffoldSite : SiteStrategy
{
    private readonly float[] _drift;
    private readonly double _perStep;

    public ScaffoldSite(TrainingPlan training, float[] control, float[] serverControl, int length)
    {
        if (control.Length != 0 && control.Length != length || serverControl.Length != 0 && serverControl.Length != length)
            throw new ArgumentException($"Control variates have {length} values, as the shared vector has.", nameof(control));
        _perStep = 1 / (training.LocalSteps * training.LearningRate);
        _drift = new float[length];
        for (var i = 0; i < length; i++)
            _drift[i] = (control.Length == 0 ? 0 : control[i]) - (serverControl.Length == 0 ? 0 : serverControl[i]);
    }

    public override IReadOnlyList<GradientTerm> Terms => [new GradientTerm.Correction(_drift)];

    public override float[] Control => _control;

    private float[] _control = [];

    public override ImmutableSortedDictionary<string, long> Send(float[] deltas, int rows, int steps)
    {
        _control = new float[deltas.Length];
        for (var i = 0; i < deltas.Length; i++) _control[i] = (float)(_drift[i] - deltas[i] * _perStep);
        return base.Send(deltas, rows, steps);
    }
}
