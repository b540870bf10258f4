using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepSeek.Federated.Learning.Training;

/// <summary>Stochastic gradient descent over a model's flat vector: three operations a step, however many tensors there are.</summary>
/// <remarks>As torch.optim.SGD: d = g + λw; b = μb + d; w -= ηb, with b = d in the first step. Momentum begins anew with every object.</remarks>
internal sealed class FlatSgd : IDisposable
{
    private readonly SiteModel _model;
    private readonly Tensor _values, _gradient;
    private readonly Tensor? _velocity;
    private readonly GradientTerms _terms;
    private readonly Scalar _rate, _momentum, _decay;

    public FlatSgd(SiteModel model, TrainingPlan plan, IEnumerable<GradientTerm> terms)
    {
        _model = model;
        (_rate, _momentum, _decay) = (-plan.LearningRate, plan.Momentum, plan.WeightDecay);
        using var scope = NewDisposeScope();
        _values = model.Flat.narrow(0, 0, model.TrainedLength).DetachFromDisposeScope();
        _gradient = zeros_like(_values).DetachFromDisposeScope();
        if (plan.Momentum != 0) _velocity = zeros_like(_values).DetachFromDisposeScope();
        Decays = plan.WeightDecay != 0;
        _terms = new GradientTerms(model, _gradient, terms);
        var at = 0L;
        foreach (var tensor in model.Trained)
        {
            // Autograd adds to a gradient that is there, in place: all of them gather in one vector.
            tensor.grad = _gradient.narrow(0, at, tensor.numel()).view(tensor.shape);
            at += tensor.numel();
        }
    }

    private bool Decays { get; }

    /// <summary>Takes one step along the gradient of <paramref name="loss"/>.</summary>
    public void Step(Tensor loss)
    {
        _gradient.zero_();
        loss.backward();
        _terms.Add();
        if (Decays) _gradient.add_(_values, _decay);
        if (_velocity is null) _values.add_(_gradient, _rate);
        else
        {
            _velocity.mul_(_momentum).add_(_gradient);
            _values.add_(_velocity, _rate);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _model.Trained) tensor.grad = null;
        _terms.Dispose();
        _velocity?.Dispose();
        _gradient.Dispose();
        _values.Dispose();
        _rate.Dispose();
        _momentum.Dispose();
        _decay.Dispose();
    }
}
