using System.Runtime.Intrinsics;

namespace DeepSeek.Federated.Aggregation.Kernels;

/// <summary>Moves a version by a vector and puts it back on its grid.</summary>
/// <remarks>Value i, in this order: v = (base·step + left) + move·factor; integer = v / step rounded, ties to even; left = v - integer·step.</remarks>
internal static class GridKernel
{
    /// <summary>Computes all values.</summary>
    /// <param name="path">How.</param>
    /// <param name="step">2^-g, and what the move is multiplied by.</param>
    /// <param name="from">Integers of the base; shape [d].</param>
    /// <param name="move">Shape [d].</param>
    /// <param name="left">What the grid left over before, and receives what it leaves over now; shape [d].</param>
    /// <param name="to">Receives the integers; shape [d].</param>
    /// <returns>-1, or the index of the first value that is not finite or leaves the grid; the spans are then of no use.</returns>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public static int Run(KernelPath path, (double Grid, double Factor) step, ReadOnlySpan<int> from, ReadOnlySpan<double> move, Span<double> left, Span<int> to)
    {
        if (move.Length != from.Length || left.Length != from.Length || to.Length != from.Length) throw new ArgumentException("The vectors differ in length.", nameof(move));
        var done = path switch
        {
            KernelPath.Vector512 => By512(step, from, move, left, to),
            KernelPath.Vector256 => By256(step, from, move, left, to),
            _                    => 0,
        };
        return Scalar(done, step, from, move, left, to);
    }

    private static int Scalar(int begin, (double Grid, double Factor) step, ReadOnlySpan<int> from, ReadOnlySpan<double> move, Span<double> left, Span<int> to)
    {
        for (var i = begin; i < from.Length; i++)
        {
            var wanted = from[i] * step.Grid + left[i] + move[i] * step.Factor;
            var nearest = Math.Round(wanted / step.Grid, MidpointRounding.ToEven);
            if (!(nearest is >= int.MinValue and <= int.MaxValue)) return i;
            (to[i], left[i]) = ((int)nearest, wanted - nearest * step.Grid);
        }
        return -1;
    }

    // Vectors stop before the first block that does not fit: the scalar reference then finds the value.
    private static int By512((double Grid, double Factor) step, ReadOnlySpan<int> from, ReadOnlySpan<double> move, Span<double> left, Span<int> to)
    {
        var (grid, factor, least, most) = (Vector512.Create(step.Grid), Vector512.Create(step.Factor), Vector512.Create((double)int.MinValue), Vector512.Create((double)int.MaxValue));
        var i = 0;
        for (; i <= from.Length - 8; i += 8)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(from.Slice(i, 8)));
            var whole = Vector512.Create(Vector256.ConvertToDouble(low), Vector256.ConvertToDouble(high));
            var wanted = whole * grid + Vector512.Create<double>(left.Slice(i, 8)) + Vector512.Create(move.Slice(i, 8)) * factor;
            var nearest = Vector512.Round(wanted / grid, MidpointRounding.ToEven);
            if (!Vector512.GreaterThanOrEqualAll(nearest, least) || !Vector512.LessThanOrEqualAll(nearest, most)) break;
            var integers = Vector512.ConvertToInt64(nearest);
            Vector256.Narrow(integers.GetLower(), integers.GetUpper()).CopyTo(to.Slice(i, 8));
            (wanted - nearest * grid).CopyTo(left.Slice(i, 8));
        }
        return i;
    }

    private static int By256((double Grid, double Factor) step, ReadOnlySpan<int> from, ReadOnlySpan<double> move, Span<double> left, Span<int> to)
    {
        var (grid, factor, least, most) = (Vector256.Create(step.Grid), Vector256.Create(step.Factor), Vector256.Create((double)int.MinValue), Vector256.Create((double)int.MaxValue));
        var i = 0;
        for (; i <= from.Length - 4; i += 4)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(from.Slice(i, 4)));
            var whole = Vector256.ConvertToDouble(Vector256.Create(low, high));
            var wanted = whole * grid + Vector256.Create<double>(left.Slice(i, 4)) + Vector256.Create(move.Slice(i, 4)) * factor;
            var nearest = Vector256.Round(wanted / grid, MidpointRounding.ToEven);
            if (!Vector256.GreaterThanOrEqualAll(nearest, least) || !Vector256.LessThanOrEqualAll(nearest, most)) break;
            var integers = Vector256.ConvertToInt64(nearest);
            Vector128.Narrow(integers.GetLower(), integers.GetUpper()).CopyTo(to.Slice(i, 4));
            (wanted - nearest * grid).CopyTo(left.Slice(i, 4));
        }
        return i;
    }
}
