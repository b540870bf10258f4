using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>What a version is: integers on the study's grid, one for each shared value, in layout order. Immutable.</summary>
/// <remarks>Value i of the flat vector is Values[i]·2^-g. The same spec and integers have the same <see cref="Digest"/> everywhere.</remarks>
public sealed class VersionContent
{
    private const int Block = 16 * 1024;

    /// <summary>Takes integers for a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="values">Shape [SharedLength], in steps of the grid.</param>
    /// <exception cref="ArgumentException">The number of values is not the model's.</exception>
    /// <exception cref="NotSupportedException">The model shares more values than one array holds (<see cref="TensorLayout.LargestArray"/>).</exception>
    public VersionContent(ModelSpec spec, ImmutableArray<int> values)
    {
        Spec = spec;
        Layout = TensorLayout.Of(spec);
        Step = Grid.Step(spec.GridBits);
        if (values.Length != Layout.SingleArrayLength)
            throw new ArgumentException($"The model shares {Layout.SharedLength} values; {values.Length} were given.", nameof(values));
        Values = values;
        SpecDigest = ModelSpecDocument.Digest(spec);
        Digest = DigestOf();
    }

    /// <summary>The model.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Where each tensor lies in <see cref="Values"/>.</summary>
    public TensorLayout Layout { get; }

    /// <summary>The integers, in steps of 2^-GridBits.</summary>
    public ImmutableArray<int> Values { get; }

    /// <summary>2^-GridBits.</summary>
    public double Step { get; }

    /// <summary>Digest of the model spec's document.</summary>
    public Digest SpecDigest { get; }

    /// <summary>SHA-256 of: "DSFVERS1" | spec digest (32) | grid bits (int32) | count (int64) | the integers (int32 each); little-endian.</summary>
    public Digest Digest { get; }

    /// <summary>The values as floats: exact where |integer| ≤ 2^24, otherwise rounded to nearest, ties to even.</summary>
    /// <param name="floats">Receives the values; shape [SharedLength].</param>
    /// <exception cref="ArgumentException">The shape differs.</exception>
    public void ToFloats(Span<float> floats)
    {
        if (floats.Length != Values.Length)
            throw new ArgumentException($"The model shares {Values.Length} values; there is room for {floats.Length}.", nameof(floats));
        ToFloats(0, floats);
    }

    /// <summary>As <see cref="ToFloats(Span{float})"/>, for the values from <paramref name="first"/> on.</summary>
    internal void ToFloats(int first, Span<float> floats)
    {
        var from = Values.AsSpan().Slice(first, floats.Length);
        for (var i = 0; i < floats.Length; i++) floats[i] = (float)(from[i] * Step);
    }

    /// <summary>Hands out the integers as little-endian bytes, block by block.</summary>
    internal void ForEachBlock(Action<ReadOnlySpan<byte>> take)
    {
        var bytes = new byte[Block * sizeof(int)];
        var left = Values.AsSpan();
        while (!left.IsEmpty)
        {
            var count = Math.Min(Block, left.Length);
            for (var i = 0; i < count; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), left[i]);
            take(bytes.AsSpan(0, count * sizeof(int)));
            left = left[count..];
        }
    }

    private Digest DigestOf()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> header = stackalloc byte[52];
        "DSFVERS1"u8.CopyTo(header);
        SpecDigest.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], Spec.GridBits);
        BinaryPrimitives.WriteInt64LittleEndian(header[44..], Values.Length);
        hash.AppendData(header);
        ForEachBlock(hash.AppendData);
        return new Digest(hash.GetHashAndReset());
    }
}
