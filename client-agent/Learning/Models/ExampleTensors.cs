using DeepSeek.Federated.Domain.Datasets;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepSeek.Federated.Learning.Models;

/// <summary>Examples as tensors that lie in the very arrays of the examples: nothing is copied but the labels.</summary>
internal sealed class ExampleTensors : IDisposable
{
    // Held: a scalar made for one call may be collected while libtorch still reads it. That is the likely cause of an error of Scalar.h seen once in a
    // long run; it was not reproduced, before or after.
    private static readonly Scalar Even = 0.0, Half = 0.5;

    private readonly bool _binary;

    /// <exception cref="ArgumentException">The examples are not of the model's width, none, or have labels that it does not know.</exception>
    public ExampleTensors(Examples examples, SiteModel model)
    {
        if (examples.Width != model.Inputs) throw new ArgumentException($"The examples have {examples.Width} inputs, the model {model.Inputs}.", nameof(examples));
        if (examples.Count < 1 || examples.Features.LongLength != (long)examples.Count * examples.Width || examples.Labels.Length != examples.Count)
            throw new ArgumentException("There are no examples, or not as many values as their sizes say.", nameof(examples));
        var classes = Math.Max(2, model.Outputs);
        if (examples.Labels.AsSpan().ContainsAnyExceptInRange(0, classes - 1))
            throw new ArgumentException($"A label is not one of the model's {classes} classes.", nameof(examples));
        _binary = model.Outputs == 1;
        using var scope = NewDisposeScope();
        Features = frombuffer(examples.Features, ScalarType.Float32).view(examples.Count, examples.Width).DetachFromDisposeScope();
        Labels = frombuffer(examples.Labels, ScalarType.Int32).to_type(_binary ? ScalarType.Float32 : ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>Shape [n, width].</summary>
    public Tensor Features { get; }

    /// <summary>Shape [n]: 0 or 1 in single precision for a binary label, else the class.</summary>
    public Tensor Labels { get; }

    /// <summary>Loss of logits [n, outputs] against labels [n]: binary cross-entropy for one output, cross-entropy otherwise.</summary>
    public Tensor Loss(Tensor logits, Tensor labels, nn.Reduction reduction) => _binary
        ? nn.functional.binary_cross_entropy_with_logits(logits.view(-1), labels, reduction: reduction)
        : nn.functional.cross_entropy(logits, labels, reduction: reduction);

    /// <summary>How many of the logits decide for the label; one output decides for 1 above 0, that is above a probability of one half.</summary>
    public Tensor Correct(Tensor logits, Tensor labels) => _binary
        ? logits.view(-1).gt(Even).eq(labels.gt(Half)).sum()
        : logits.argmax(1).eq(labels).sum();

    public void Dispose()
    {
        Features.Dispose();
        Labels.Dispose();
    }
}
