namespace DeepSeek.Federated.Learning.Tests;

/// <summary>Layers written as their definitions, in double precision: what the models' own are compared with.</summary>
internal static class PlainLayers
{
    /// <summary>Convolution without padding, ReLU, then MaxPool 2×2; planes outermost.</summary>
    public static (double[] Values, int Height, int Width) Convolution(double[] image, int planes, int height, int width, double[] weight, double[] bias, int kernel)
    {
        var (h, w) = (height - kernel + 1, width - kernel + 1);
        var pooled = new double[bias.Length * (h / 2) * (w / 2)];   // zeros: ReLU is the maximum with them
        for (var filter = 0; filter < bias.Length; filter++)
            for (var y = 0; y < h / 2 * 2; y++)
                for (var x = 0; x < w / 2 * 2; x++)
                {
                    var sum = bias[filter];
                    for (var plane = 0; plane < planes; plane++)
                        for (var i = 0; i < kernel; i++)
                            for (var j = 0; j < kernel; j++)
                                sum += weight[((filter * planes + plane) * kernel + i) * kernel + j] * image[(plane * height + y + i) * width + x + j];
                    ref var most = ref pooled[(filter * (h / 2) + y / 2) * (w / 2) + x / 2];
                    most = Math.Max(most, sum);
                }
        return (pooled, h / 2, w / 2);
    }

    /// <summary>Wx + b.</summary>
    public static double[] Linear(double[] x, double[] weight, double[] bias) => [.. bias.Select((b, row) => b + x.Select((v, column) => v * weight[row * x.Length + column]).Sum())];

    /// <summary>max(x, 0).</summary>
    public static double[] Relu(double[] x) => [.. x.Select(v => Math.Max(v, 0))];
}
