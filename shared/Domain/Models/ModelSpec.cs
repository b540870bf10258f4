using System.Collections.Immutable;

namespace DeepSeek.Federated.Domain.Models;

/// <summary>What a tensor is to the federation. A version holds <see cref="Shared"/> tensors only.</summary>
public enum TensorRole
{
    /// <summary>Travels: its delta is part of every update, its integers are part of every version.</summary>
    Shared,
    /// <summary>Trained, but stays at the site (personal layers, FedBN's statistics).</summary>
    Local,
    /// <summary>Never trained; named by digest in the model spec.</summary>
    Frozen,
    /// <summary>State that no gradient reaches (running statistics); stays at the site.</summary>
    Buffer,
}

/// <summary>What the model is: its architecture, how its first version is made and which grid its versions lie on.</summary>
/// <param name="Architecture">Layers and sizes.</param>
/// <param name="Start">Where version 0 comes from.</param>
/// <param name="GridBits">g of the grid 2^-g on which every shared tensor's values lie; 0 to 30. Values reach ±2^(31-g).</param>
/// <param name="Roles">Tensors, by full name, whose role is not <see cref="TensorRole.Shared"/>.</param>
public sealed record ModelSpec(Architecture Architecture, InitialWeights Start, int GridBits, ImmutableSortedDictionary<string, TensorRole> Roles);

/// <summary>The architectures that a manifest can name. Every output is a logit: one for a binary label, one a class otherwise.</summary>
public abstract record Architecture
{
    private Architecture() { }

    /// <summary>Linear(inputs, outputs): tensors <c>linear.weight</c> [outputs, inputs] and <c>linear.bias</c> [outputs].</summary>
    public sealed record Logistic(int Inputs, int Outputs) : Architecture;

    /// <summary>Linear, ReLU, ..., Linear: tensors <c>layers.N.weight</c> and <c>layers.N.bias</c>, N counting from 0.</summary>
    public sealed record Mlp(int Inputs, ImmutableArray<int> Hidden, int Outputs) : Architecture;

    /// <summary>
    /// For each entry of <paramref name="Filters"/>: Conv 3×3 without padding, ReLU, MaxPool 2×2; then Linear(hidden), ReLU, Linear(outputs).
    /// Tensors <c>conv.N.weight</c>, <c>conv.N.bias</c>, <c>hidden.weight</c>, <c>hidden.bias</c>, <c>output.weight</c>, <c>output.bias</c>.
    /// </summary>
    public sealed record Cnn(int Channels, int Height, int Width, ImmutableArray<int> Filters, int Hidden, int Outputs) : Architecture;

    /// <summary>
    /// Conv 5×5 to 6, ReLU, MaxPool 2×2, Conv 5×5 to 16, ReLU, MaxPool 2×2, neither padded; then Linear(120), ReLU, Linear(84), ReLU, Linear(outputs).
    /// Tensors <c>conv1.weight</c>, <c>conv1.bias</c>, <c>conv2</c>, <c>fc1</c>, <c>fc2</c> and <c>fc3</c> likewise. Images are at least
    /// <see cref="Smallest"/> pixels high and wide.
    /// </summary>
    /// <remarks>LeCun et al., Proc. IEEE 86(11), 1998, as Li et al. (Federated Learning on Non-IID Data Silos, ICDE 2022) and Flower's niid_bench take it.</remarks>
    public sealed record LeNet(int Channels, int Height, int Width, int Outputs) : Architecture
    {
        /// <summary>Pixels of a side from which on both convolutions and both pools leave one.</summary>
        public const int Smallest = 16;
    }
}

/// <summary>Where version 0 comes from.</summary>
public abstract record InitialWeights
{
    private InitialWeights() { }

    /// <summary>Drawn as PyTorch draws a Linear or Conv layer (uniform ±1/√fan-in), from this seed, on the coordinator's CPU-independent generator.</summary>
    public sealed record Seeded(long Seed) : InitialWeights;

    /// <summary>Read from a safetensors blob that was uploaded with the manifest.</summary>
    public sealed record FromBlob(Encoding.Digest Safetensors) : InitialWeights;
}
