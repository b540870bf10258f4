using System.Runtime.Intrinsics;

namespace DeepSeek.Federated.Aggregation.Kernels;

/// <summary>The step of the adaptive server optimizers: both moments and the move, in one pass.</summary>
/// <remarks>Value i, in this order: d = sum·mean; m = β₁·m + (1-β₁)·d; v by its rule; move = rate·m / (√v + τ).</remarks>
internal static class AdaptiveKernel
{
    /// <summary>What is the same for all values.</summary>
    /// <param name="Mean">What turns the sum into a mean.</param>
    /// <param name="Beta">β₁.</param>
    /// <param name="Rate">The server's rate.</param>
    /// <param name="Tau">τ.</param>
    internal readonly record struct Terms(double Mean, double Beta, double Rate, double Tau);

    /// <summary>Computes all values; all shapes are [d].</summary>
    /// <param name="path">How.</param>
    /// <param name="rule">v's rule.</param>
    /// <param name="terms">The constants.</param>
    /// <param name="sum">The opened sum.</param>
    /// <param name="m">First moment; changed in place.</param>
    /// <param name="v">Second moment; changed in place.</param>
    /// <param name="move">Receives the move.</param>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static void Run<TRule>(KernelPath path, TRule rule, in Terms terms, ReadOnlySpan<double> sum, Span<double> m, Span<double> v, Span<double> move)
        where TRule : struct, ISecondMoment
    {
        if (m.Length != sum.Length || v.Length != sum.Length || move.Length != sum.Length) throw new ArgumentException("The vectors differ in length.", nameof(sum));
        var i = 0;
        if (path == KernelPath.Vector512)
        {
            for (; i <= sum.Length - 8; i += 8)
            {
                var d = Vector512.Create(sum.Slice(i, 8)) * terms.Mean;
                var first = terms.Beta * Vector512.Create<double>(m.Slice(i, 8)) + (1 - terms.Beta) * d;
                var second = rule.Next(Vector512.Create<double>(v.Slice(i, 8)), d);
                first.CopyTo(m.Slice(i, 8));
                second.CopyTo(v.Slice(i, 8));
                (terms.Rate * first / (Vector512.Sqrt(second) + Vector512.Create(terms.Tau))).CopyTo(move.Slice(i, 8));
            }
        }
        else if (path == KernelPath.Vector256)
        {
            for (; i <= sum.Length - 4; i += 4)
            {
                var d = Vector256.Create(sum.Slice(i, 4)) * terms.Mean;
                var first = terms.Beta * Vector256.Create<double>(m.Slice(i, 4)) + (1 - terms.Beta) * d;
                var second = rule.Next(Vector256.Create<double>(v.Slice(i, 4)), d);
                first.CopyTo(m.Slice(i, 4));
                second.CopyTo(v.Slice(i, 4));
                (terms.Rate * first / (Vector256.Sqrt(second) + Vector256.Create(terms.Tau))).CopyTo(move.Slice(i, 4));
            }
        }
        for (; i < sum.Length; i++)
        {
            var d = sum[i] * terms.Mean;
            m[i] = terms.Beta * m[i] + (1 - terms.Beta) * d;
            v[i] = rule.Next(v[i], d);
            move[i] = terms.Rate * m[i] / (Math.Sqrt(v[i]) + terms.Tau);
        }
    }
}
