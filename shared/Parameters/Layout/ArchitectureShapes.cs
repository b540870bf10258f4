using System.Collections.Immutable;
using System.Diagnostics;
using DeepSeek.Federated.Domain.Models;

namespace DeepSeek.Federated.Parameters.Layout;

/// <summary>A tensor's name, shape and fan-in, before roles are known.</summary>
internal sealed record TensorShape(string Name, ImmutableArray<long> Shape, long FanIn);

/// <summary>The tensors that each architecture is made of, in the order of its layers.</summary>
internal static class ArchitectureShapes
{
    private const int Kernel = 3, Pool = 2;

    internal static IReadOnlyList<TensorShape> Of(Architecture architecture) => architecture switch
    {
        Architecture.Logistic logistic => [.. Linear("linear", logistic.Inputs, logistic.Outputs)],
        Architecture.Mlp mlp => [.. Mlp(mlp)],
        Architecture.Cnn cnn => [.. Cnn(cnn)],
        Architecture.LeNet lenet => [.. LeNet(lenet)],
        _ => throw new UnreachableException($"{architecture.GetType().Name} has no layout."),
    };

    private static IEnumerable<TensorShape> Mlp(Architecture.Mlp mlp)
    {
        var inputs = mlp.Inputs;
        var layer = 0;
        foreach (var outputs in mlp.Hidden.Add(mlp.Outputs))
        {
            foreach (var tensor in Linear($"layers.{layer++}", inputs, outputs)) yield return tensor;
            inputs = outputs;
        }
    }

    private static IEnumerable<TensorShape> Cnn(Architecture.Cnn cnn)
    {
        long channels = cnn.Channels, height = cnn.Height, width = cnn.Width;
        for (var layer = 0; layer < cnn.Filters.Length; layer++)
        {
            foreach (var tensor in Layer($"conv.{layer}", [cnn.Filters[layer], channels, Kernel, Kernel])) yield return tensor;
            channels = cnn.Filters[layer];
            (height, width) = ((height - Kernel + 1) / Pool, (width - Kernel + 1) / Pool);
            if (height < 1 || width < 1)
                throw new ArgumentException(
                    $"A {cnn.Height}×{cnn.Width} image is used up after {layer + 1} of {cnn.Filters.Length} filters: take fewer filters or larger images.");
        }
        foreach (var tensor in Linear("hidden", checked(channels * height * width), cnn.Hidden)) yield return tensor;
        foreach (var tensor in Linear("output", cnn.Hidden, cnn.Outputs)) yield return tensor;
    }

    private static IEnumerable<TensorShape> LeNet(Architecture.LeNet lenet)
    {
        static long Left(long size) => ((size - 4) / Pool - 4) / Pool;
        if (lenet.Height < Architecture.LeNet.Smallest || lenet.Width < Architecture.LeNet.Smallest)
            throw new ArgumentException($"A {lenet.Height}×{lenet.Width} image is used up by LeNet's layers: take one of at least {Architecture.LeNet.Smallest}×{Architecture.LeNet.Smallest}.");
        return
        [
            .. Layer("conv1", [6, lenet.Channels, 5, 5]), .. Layer("conv2", [16, 6, 5, 5]), .. Linear("fc1", checked(16 * Left(lenet.Height) * Left(lenet.Width)), 120),
            .. Linear("fc2", 120, 84), .. Linear("fc3", 84, lenet.Outputs),
        ];
    }

    private static IEnumerable<TensorShape> Linear(string name, long inputs, long outputs) => Layer(name, [outputs, inputs]);

    private static IEnumerable<TensorShape> Layer(string name, ImmutableArray<long> weight)
    {
        if (weight.Any(size => size < 1)) throw new ArgumentException($"Layer '{name}' has a size below 1: [{string.Join(", ", weight)}].");
        var fanIn = weight.Skip(1).Aggregate(1L, (product, size) => checked(product * size));
        yield return new TensorShape($"{name}.weight", weight, fanIn);
        yield return new TensorShape($"{name}.bias", [weight[0]], fanIn);
    }
}
