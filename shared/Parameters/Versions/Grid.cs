namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>The grid 2^-g on which a version's values lie. Exact: scaling by a power of two never rounds.</summary>
public static class Grid
{
    /// <summary>Finest grid: values reach ±2.</summary>
    public const int MostBits = 30;

    /// <summary>One step, 2^-bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Bits outside 0 to 30.</exception>
    public static double Step(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        return 1.0 / (1L << bits);
    }

    /// <summary>The nearest grid point to <paramref name="value"/>, a tie to the even one, in steps.</summary>
    /// <returns>False when the value is not finite or lies beyond the grid's ±2^(31-bits).</returns>
    public static bool TryRound(double value, int bits, out int steps)
    {
        var nearest = Math.Round(value / Step(bits), MidpointRounding.ToEven);
        var fits = nearest is >= int.MinValue and <= int.MaxValue;
        steps = fits ? (int)nearest : 0;
        return fits;
    }
}
