using DeepSeek.Federated.Domain.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeepSeek.Federated.Learning.Models;

/// <summary>What each architecture computes from its named tensors. Plain functions: no state beyond the tensors.</summary>
internal static class Forwarding
{
    public static Tensor Logits(Architecture architecture, IReadOnlyDictionary<string, Tensor> tensors, Tensor rows) => architecture switch
    {
        Architecture.Logistic => Linear(tensors, "linear", rows),
        Architecture.Mlp mlp => Mlp(mlp, tensors, rows),
        Architecture.Cnn cnn => Cnn(cnn, tensors, rows),
        Architecture.LeNet lenet => LeNet(lenet, tensors, rows),
        _ => throw new NotSupportedException($"{architecture.GetType().Name} cannot be computed by this version."),
    };

    private static Tensor Mlp(Architecture.Mlp mlp, IReadOnlyDictionary<string, Tensor> tensors, Tensor x)
    {
        for (var layer = 0; layer < mlp.Hidden.Length; layer++) x = functional.relu(Linear(tensors, $"layers.{layer}", x));
        return Linear(tensors, $"layers.{mlp.Hidden.Length}", x);
    }

    private static Tensor Cnn(Architecture.Cnn cnn, IReadOnlyDictionary<string, Tensor> tensors, Tensor rows)
    {
        var x = rows.view(-1, cnn.Channels, cnn.Height, cnn.Width);
        for (var layer = 0; layer < cnn.Filters.Length; layer++) x = Convolution(tensors, $"conv.{layer}", x);
        x = functional.relu(Linear(tensors, "hidden", x.flatten(1)));
        return Linear(tensors, "output", x);
    }

    private static Tensor LeNet(Architecture.LeNet lenet, IReadOnlyDictionary<string, Tensor> tensors, Tensor rows)
    {
        var x = Convolution(tensors, "conv2", Convolution(tensors, "conv1", rows.view(-1, lenet.Channels, lenet.Height, lenet.Width))).flatten(1);
        x = functional.relu(Linear(tensors, "fc1", x));
        x = functional.relu(Linear(tensors, "fc2", x));
        return Linear(tensors, "fc3", x);
    }

    private static Tensor Convolution(IReadOnlyDictionary<string, Tensor> tensors, string name, Tensor x) =>
        functional.max_pool2d(functional.relu(functional.conv2d(x, tensors[$"{name}.weight"], tensors[$"{name}.bias"])), 2L);

    private static Tensor Linear(IReadOnlyDictionary<string, Tensor> tensors, string name, Tensor x) =>
        functional.linear(x, tensors[$"{name}.weight"], tensors[$"{name}.bias"]);
}
