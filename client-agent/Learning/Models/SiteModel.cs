using System.Runtime.InteropServices;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Versions;
using TorchSharp;
using static TorchSharp.torch;
using Architecture = DeepSeek.Federated.Domain.Models.Architecture;

namespace DeepSeek.Federated.Learning.Models;

/// <summary>A model of one site in single precision: every tensor is a view of one flat vector, so that values come and go by one copy. Not thread-safe.</summary>
/// <remarks>The flat vector holds the shared tensors first, as the layout says, then the local ones, then those that are not trained.</remarks>
public sealed class SiteModel : IDisposable
{
    private readonly Tensor _flat;
    private readonly Dictionary<string, Tensor> _tensors = [];
    private bool _hasLocal;

    /// <summary>Makes the model. Shared values are zero until loaded; the others are drawn from the model's seed.</summary>
    /// <exception cref="ArgumentException">The spec has no layout.</exception>
    /// <exception cref="NotSupportedException">More values than one array may hold.</exception>
    /// <exception cref="InvalidOperationException"><see cref="TorchRuntime"/> was not started.</exception>
    public SiteModel(ModelSpec spec)
    {
        TorchRuntime.EnterThread();
        (Spec, Layout) = (spec, TensorLayout.Of(spec));
        SharedLength = Layout.SingleArrayLength;
        var total = Layout.All.Sum(slot => slot.Length);
        if (total > TensorLayout.LargestArray)
            throw new NotSupportedException($"The model has {total:N0} values; this version holds at most {TensorLayout.LargestArray:N0}.");
        LocalLength = (int)total - SharedLength;
        using var scope = NewDisposeScope();
        _flat = zeros(total, ScalarType.Float32).DetachFromDisposeScope();
        var at = 0L;
        foreach (var slot in Layout.Shared.Concat(Staying))
        {
            var trained = slot.Role is TensorRole.Shared or TensorRole.Local;
            // Detached, or the optimizer's work on the whole would count as work on a view of a trained tensor.
            _tensors[slot.Name] = _flat.narrow(0, at, slot.Length).view([.. slot.Shape]).detach().requires_grad_(trained).DetachFromDisposeScope();
            at += slot.Length;
            if (trained) TrainedLength = (int)at;
        }
        if (spec.Start is InitialWeights.Seeded seeded) DrawLocal(seeded.Seed);
        _hasLocal = LocalLength == 0 || spec.Start is InitialWeights.Seeded;
    }

    /// <summary>What the model is.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Its tensors.</summary>
    public TensorLayout Layout { get; }

    /// <summary>Number of values that travel.</summary>
    public int SharedLength { get; }

    /// <summary>Number of values that stay: local, frozen and buffer tensors, in this order. Site state, kept by the caller between rounds.</summary>
    public int LocalLength { get; }

    /// <summary>Width of an input row.</summary>
    public int Inputs => Spec.Architecture switch
    {
        Architecture.Logistic a => a.Inputs,
        Architecture.Mlp a => a.Inputs,
        Architecture.Cnn a => a.Channels * a.Height * a.Width,
        Architecture.LeNet a => a.Channels * a.Height * a.Width,
        _ => throw new NotSupportedException($"{Spec.Architecture.GetType().Name} has no inputs."),
    };

    /// <summary>Logits of a row: 1 for a binary label.</summary>
    public int Outputs => Spec.Architecture switch
    {
        Architecture.Logistic a => a.Outputs,
        Architecture.Mlp a => a.Outputs,
        Architecture.Cnn a => a.Outputs,
        Architecture.LeNet a => a.Outputs,
        _ => throw new NotSupportedException($"{Spec.Architecture.GetType().Name} has no outputs."),
    };

    /// <summary>Takes over a version's values; shape [SharedLength].</summary>
    public void LoadShared(ReadOnlySpan<float> values) => Copy(values, Values[..SharedLength]);

    /// <summary>Copies the shared values out; shape [SharedLength].</summary>
    public void CopyShared(Span<float> values) => Copy(Values[..SharedLength], values);

    /// <summary>Takes over the values that this site kept; shape [LocalLength].</summary>
    public void LoadLocal(ReadOnlySpan<float> values)
    {
        Copy(values, Values[SharedLength..]);
        _hasLocal = true;
    }

    /// <summary>Copies the values that stay out; shape [LocalLength].</summary>
    public void CopyLocal(Span<float> values) => Copy(Values[SharedLength..], values);

    /// <summary>Logits of <paramref name="rows"/>, shape [n, Outputs]; belongs to the caller's dispose scope.</summary>
    /// <param name="rows">Shape [n, Inputs].</param>
    internal Tensor Forward(Tensor rows) => _hasLocal
        ? Forwarding.Logits(Spec.Architecture, _tensors, rows)
        : throw new InvalidOperationException("The model's local tensors have no values: its start is a file, so call LoadLocal first.");

    /// <summary>Shared and local values: those that are trained, at the front of the flat vector.</summary>
    internal int TrainedLength { get; }

    /// <summary>All values as one tensor that no gradient reaches.</summary>
    internal Tensor Flat => _flat;

    /// <summary>Trained tensors in the order of the flat vector.</summary>
    internal IEnumerable<Tensor> Trained => Layout.Shared.Concat(Own(TensorRole.Local)).Select(slot => _tensors[slot.Name]);

    /// <summary>All values in place. Valid while the model lives.</summary>
    internal Span<float> Values => MemoryMarshal.Cast<byte, float>(_flat.bytes);

    /// <summary>One tensor by its full name.</summary>
    internal Tensor this[string name] => _tensors[name];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
        _flat.Dispose();
    }

    private IEnumerable<TensorSlot> Staying => Own(TensorRole.Local).Concat(Own(TensorRole.Frozen)).Concat(Own(TensorRole.Buffer));

    private IEnumerable<TensorSlot> Own(TensorRole role) => Layout.All.Where(slot => slot.Role == role);

    private void DrawLocal(long seed)
    {
        var at = SharedLength;
        foreach (var slot in Staying)
        {
            var drawn = new double[slot.Length];
            InitialVersion.Draw(slot, seed, drawn);
            for (var i = 0; i < drawn.Length; i++) Values[at++] = (float)drawn[i];
        }
    }

    private static void Copy(ReadOnlySpan<float> from, Span<float> to)
    {
        if (from.Length != to.Length) throw new ArgumentException($"The model and the vector differ in length: {from.Length} and {to.Length}.", nameof(from));
        from.CopyTo(to);
    }
}
