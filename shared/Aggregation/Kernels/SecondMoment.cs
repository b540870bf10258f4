using System.Runtime.Intrinsics;

namespace DeepSeek.Federated.Aggregation.Kernels;

/// <summary>How v, the running measure of a coordinate's squared mean, follows the newest mean d.</summary>
internal interface ISecondMoment
{
    double Next(double v, double d);

    Vector256<double> Next(Vector256<double> v, Vector256<double> d);

    Vector512<double> Next(Vector512<double> v, Vector512<double> d);
}

/// <summary>Adam: v = β₂·v + (1-β₂)·d².</summary>
internal readonly struct AdamMoment(double beta) : ISecondMoment
{
    private readonly double _beta = beta, _rest = 1 - beta;

    public double Next(double v, double d) => _beta * v + _rest * (d * d);

    public Vector256<double> Next(Vector256<double> v, Vector256<double> d) => _beta * v + _rest * (d * d);

    public Vector512<double> Next(Vector512<double> v, Vector512<double> d) => _beta * v + _rest * (d * d);
}

/// <summary>Yogi: v = v - (1-β₂)·d²·sign(v - d²).</summary>
internal readonly struct YogiMoment(double beta) : ISecondMoment
{
    private readonly double _rest = 1 - beta;

    public double Next(double v, double d)
    {
        var (square, by) = (d * d, _rest * (d * d));
        return v > square ? v - by : v < square ? v + by : v;
    }

    public Vector256<double> Next(Vector256<double> v, Vector256<double> d)
    {
        var (square, by) = (d * d, _rest * (d * d));
        return Vector256.ConditionalSelect(Vector256.GreaterThan(v, square), v - by, Vector256.ConditionalSelect(Vector256.LessThan(v, square), v + by, v));
    }

    public Vector512<double> Next(Vector512<double> v, Vector512<double> d)
    {
        var (square, by) = (d * d, _rest * (d * d));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(v, square), v - by, Vector512.ConditionalSelect(Vector512.LessThan(v, square), v + by, v));
    }
}

/// <summary>Adagrad: v = v + d².</summary>
internal readonly struct AdagradMoment : ISecondMoment
{
    public double Next(double v, double d) => v + d * d;

    public Vector256<double> Next(Vector256<double> v, Vector256<double> d) => v + d * d;

    public Vector512<double> Next(Vector512<double> v, Vector512<double> d) => v + d * d;
}
