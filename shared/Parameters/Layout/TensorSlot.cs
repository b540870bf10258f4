using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Models;

namespace DeepSeek.Federated.Parameters.Layout;

/// <summary>One named tensor of a model and its place in the shared flat vector.</summary>
/// <param name="Name">Full name, as PyTorch's state_dict spells it: <c>layers.0.weight</c>.</param>
/// <param name="Shape">Sizes, outermost first; the values lie row-major.</param>
/// <param name="Role">What it is to the federation.</param>
/// <param name="Offset">Index of its first value in the shared flat vector; -1 when the role is not <see cref="TensorRole.Shared"/>.</param>
/// <param name="Length">Number of values: the product of <paramref name="Shape"/>.</param>
/// <param name="FanIn">Inputs of one output of the layer it belongs to; at least 1. A bias has its weight's.</param>
public sealed record TensorSlot(string Name, ImmutableArray<long> Shape, TensorRole Role, long Offset, long Length, long FanIn);
