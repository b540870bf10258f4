using System.Buffers.Binary;
using DeepSeek.Federated.Parameters.Randomness;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>Reproducible draws: the same seed and name give the same patients and images on every machine.</summary>
internal sealed class Dice : IDisposable
{
    private readonly SeededStream _stream;

    /// <param name="seed">The sandbox's.</param>
    /// <param name="name">What is drawn.</param>
    /// <param name="family">Of what kind it is: other kinds draw independently.</param>
    public Dice(long seed, string name, string family = "synthetic-heart")
    {
        Span<byte> bytes = stackalloc byte[SeededStream.ShortestSeed];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        _stream = new SeededStream(bytes, $"{family}/{name}");
    }

    public double Uniform() => _stream.NextDouble();

    public bool Chance(double probability) => Uniform() < probability;

    public int Below(int n) => _stream.NextBelow(n);

    /// <summary>Box and Muller (1958), one of the two.</summary>
    public double Normal(double mean, double deviation) =>
        mean + deviation * Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>A number of rare events (Poisson; Knuth's product, for means of a few).</summary>
    public int Count(double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), Uniform(), 0);
        for (; product > limit; product *= Uniform()) count++;
        return count;
    }

    /// <summary>An index with the given shares, which sum to 1.</summary>
    public int Pick(IReadOnlyList<double> shares)
    {
        var left = Uniform();
        for (var i = 0; i < shares.Count - 1; i++)
        {
            if (left < shares[i]) return i;
            left -= shares[i];
        }
        return shares.Count - 1;
    }

    public void Dispose() => _stream.Dispose();
}
