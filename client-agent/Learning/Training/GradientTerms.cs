using DeepSeek.Federated.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepSeek.Federated.Learning.Training;

/// <summary>A strategy's terms as tensors over the front of the flat gradient.</summary>
internal sealed class GradientTerms : IDisposable
{
    private readonly Tensor _values, _gradient;
    private readonly List<(GradientTerm Term, Tensor Vector)> _terms = [];

    /// <param name="model">The model.</param>
    /// <param name="gradient">Its flat gradient, whose front is of the shared values.</param>
    /// <param name="terms">What is added.</param>
    /// <exception cref="ArgumentException">A vector has another shape than the shared values.</exception>
    public GradientTerms(SiteModel model, Tensor gradient, IEnumerable<GradientTerm> terms)
    {
        using var scope = NewDisposeScope();
        _values = model.Flat.narrow(0, 0, model.SharedLength).DetachFromDisposeScope();
        _gradient = gradient.narrow(0, 0, model.SharedLength).DetachFromDisposeScope();
        foreach (var term in terms)
        {
            var vector = term switch
            {
                GradientTerm.Proximal t   => t.Centre,
                GradientTerm.Correction t => t.Drift,
                _                         => throw new NotSupportedException($"{term.GetType().Name} has no gradient."),
            };
            if (vector.Length != model.SharedLength) throw new ArgumentException($"The model shares {model.SharedLength} values; a term has {vector.Length}.", nameof(terms));
            _terms.Add((term, frombuffer(vector, ScalarType.Float32).DetachFromDisposeScope()));
        }
    }

    /// <summary>Adds all terms to the gradient.</summary>
    public void Add()
    {
        foreach (var (term, vector) in _terms)
        {
            if (term is GradientTerm.Proximal proximal) _gradient.add_(_values - vector, proximal.Mu);
            else _gradient.sub_(vector);
        }
    }

    public void Dispose()
    {
        foreach (var (_, vector) in _terms) vector.Dispose();
        _gradient.Dispose();
        _values.Dispose();
    }
}
