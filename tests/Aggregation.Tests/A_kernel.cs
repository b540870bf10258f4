using CsCheck;
using DeepSeek.Federated.Aggregation.Kernels;

namespace DeepSeek.Federated.Aggregation.Tests;

/// <summary>Every vector path is forced and compared with the scalar reference, bit for bit; where the processor lacks an instruction, the runtime computes the same path in parts.</summary>
public sealed class A_kernel
{
    private static readonly KernelPath[] Paths = [KernelPath.Vector256, KernelPath.Vector512];

    private static readonly Gen<double> Value = Gen.OneOf(
        Gen.Double[-3, 3], Gen.Double[-1e-7, 1e-7], Gen.OneOf([.. new[] { 0.0, -0.0, 0.5, -0.5, 1.5, 2.5, double.Epsilon, -double.Epsilon }.Select(Gen.Const)]));

    private static long[] Bits(IEnumerable<double> values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];

    [Fact]
    public void of_the_grid_gives_the_same_bits_on_every_path()
    {
        var (fits, leaves) = (0, 0);
        Gen.Select(Gen.Int[0, 30], Gen.Select(Gen.Int, Value, Value).Array[0, 70], Gen.OneOf(Gen.Const(1.0), Gen.Const(0.37), Gen.Const(1e9))).Sample((bits, rows, factor) =>
        {
            var step = Math.ScaleB(1, -bits);
            int[] from = [.. rows.Select(r => r.Item1 >> 2)];
            double[] move = [.. rows.Select(r => r.Item2)], before = [.. rows.Select(r => r.Item3 * step / 6)];
            var (left, to) = (before.ToArray(), new int[from.Length]);
            var expected = GridKernel.Run(KernelPath.Scalar, (step, factor), from, move, left, to);
            Interlocked.Increment(ref expected < 0 ? ref fits : ref leaves);
            foreach (var path in Paths)
            {
                var (otherLeft, otherTo) = (before.ToArray(), new int[from.Length]);
                Assert.Equal(expected, GridKernel.Run(path, (step, factor), from, move, otherLeft, otherTo));
                if (expected >= 0) continue;
                Assert.Equal(to, otherTo);
                Assert.Equal(Bits(left), Bits(otherLeft));
            }
        });
        Assert.True(fits > 0 && leaves > 0, "the generator must reach both outcomes");
    }

    [Fact]
    public void of_the_grid_rounds_ties_to_even_and_finds_what_does_not_fit()
    {
        foreach (var path in Paths.Prepend(KernelPath.Scalar))
        {
            var (left, to) = (new double[16], new int[16]);
            double[] move = [.. Enumerable.Range(0, 16).Select(i => i + 0.5)];
            Assert.Equal(-1, GridKernel.Run(path, (1, 1), new int[16], move, left, to));
            Assert.Equal([0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14, 16], to);
            foreach (var (bad, at) in new[] { (double.NaN, 3), (double.PositiveInfinity, 9), (-2147483649.0, 15), (2147483648.0, 12) })
            {
                var broken = move.ToArray();
                broken[at] = bad;
                Assert.Equal(at, GridKernel.Run(path, (1, 1), new int[16], broken, new double[16], to));
            }
            Assert.Throws<ArgumentException>(() => GridKernel.Run(path, (1, 1), new int[16], move, new double[15], to));
        }
    }

    [Theory]
    [InlineData("adam"), InlineData("yogi"), InlineData("adagrad")]
    public void of_the_adaptive_strategies_gives_the_same_bits_on_every_path(string rule) =>
        Gen.Select(Value, Value, Gen.Double[0, 2]).Array[0, 70].Sample(rows =>
        {
            (double[], double[], double[]) Run(KernelPath path)
            {
                double[] m = [.. rows.Select(r => r.Item2)], v = [.. rows.Select(r => r.Item3)], sum = [.. rows.Select(r => r.Item1)], move = new double[rows.Length];
                var terms = new AdaptiveKernel.Terms(0.6, 0.9, 0.01, 1e-3);
                if (rule == "adam") AdaptiveKernel.Run(path, new AdamMoment(0.99), terms, sum, m, v, move);
                else if (rule == "yogi") AdaptiveKernel.Run(path, new YogiMoment(0.99), terms, sum, m, v, move);
                else AdaptiveKernel.Run(path, new AdagradMoment(), terms, sum, m, v, move);
                return (m, v, move);
            }
            var expected = Run(KernelPath.Scalar);
            foreach (var path in Paths)
            {
                var (m, v, move) = Run(path);
                Assert.Equal(Bits(expected.Item1), Bits(m));
                Assert.Equal(Bits(expected.Item2), Bits(v));
                Assert.Equal(Bits(expected.Item3), Bits(move));
            }
        });
}
