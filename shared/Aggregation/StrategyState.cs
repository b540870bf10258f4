using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Aggregation;

/// <summary>What a strategy carries from version to version beside the grid's integers: a blob named by its digest. Immutable.</summary>
/// <remarks>
/// Little-endian: "DSFSTATE" | format version (u16) | vectors (u16) | strategy's kind (ASCII, 40 bytes, zero-padded) | values (u64) | the residual, then
/// each moment (float64 each). Format 1 has the residual alone, format 2 one to three moments as well, in the strategy's own order.
/// </remarks>
public sealed class StrategyState
{
    private const int HeaderBytes = 60, KindBytes = 40, Block = 8 * 1024, MostMoments = 3;

    private StrategyState() => (Kind, Residual, Moments, Digest) = ("none", [], [], null);

    /// <summary>The state after a step of a strategy without moments.</summary>
    /// <exception cref="ArgumentException">As for the other.</exception>
    public StrategyState(string kind, ImmutableArray<double> residual) : this(kind, residual, []) { }

    /// <summary>The state after a step.</summary>
    /// <param name="kind">The strategy's kind; a <see cref="Slug"/>.</param>
    /// <param name="residual">What the grid left over, in the model's own units; finite, at least one value.</param>
    /// <param name="moments">What else the strategy keeps, at most three vectors of the residual's shape; finite.</param>
    /// <exception cref="ArgumentException">Otherwise.</exception>
    public StrategyState(string kind, ImmutableArray<double> residual, ImmutableArray<ImmutableArray<double>> moments)
    {
        if (!Slug.Is(kind)) throw new ArgumentException($"'{kind}' is no strategy's kind.", nameof(kind));
        if (residual.IsDefaultOrEmpty || !AreFinite(residual)) throw new ArgumentException("A residual has values, all finite.", nameof(residual));
        if (moments.Length > MostMoments || moments.Any(m => m.Length != residual.Length || !AreFinite(m)))
            throw new ArgumentException($"There are at most {MostMoments} moments, as long as the residual, all finite.", nameof(moments));
        (Kind, Residual, Moments) = (kind, residual, moments);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ForEachBlock(hash.AppendData);
        Digest = new Digest(hash.GetHashAndReset());
    }

    /// <summary>The state before the first step. It has no blob.</summary>
    public static StrategyState None { get; } = new();

    /// <summary>Whose state this is; <c>none</c> before the first step.</summary>
    public string Kind { get; }

    /// <summary>What the grid left over; shape [SharedLength].</summary>
    public ImmutableArray<double> Residual { get; }

    /// <summary>What else the strategy keeps; each of shape [SharedLength].</summary>
    public ImmutableArray<ImmutableArray<double>> Moments { get; }

    /// <summary>SHA-256 of the blob; null for <see cref="None"/>.</summary>
    public Digest? Digest { get; }

    /// <summary>Whether this is the state before the first step.</summary>
    public bool IsNone => Digest is null;

    /// <summary>Exact length in bytes of a blob for <paramref name="values"/> values and <paramref name="moments"/> moments.</summary>
    public static long Length(long values, int moments = 0) => checked(HeaderBytes + values * (1 + moments) * sizeof(double));

    /// <summary>Writes the blob.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="None"/>.</exception>
    public void Write(Stream to)
    {
        if (IsNone) throw new InvalidOperationException("The state before the first step has no blob.");
        ForEachBlock(to.Write);
    }

    /// <summary>Reads a blob.</summary>
    /// <param name="from">The blob.</param>
    /// <param name="values">How many values the model shares: what is allocated.</param>
    /// <param name="expected">The digest by which it was asked for.</param>
    /// <exception cref="InvalidDataException">Not a state of format 1, of another size, cut short, too long, not finite, or of another digest.</exception>
    public static StrategyState Read(Stream from, long values, Digest expected)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values, TensorLayout.LargestArray);
        var header = new byte[HeaderBytes];
        ReadAll(from, header);
        var kind = Encoding.ASCII.GetString(header, 12, KindBytes).TrimEnd('\0');
        var moments = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(10)) - 1;
        if (moments is < 0 or > MostMoments || !Slug.Is(kind) || !header.AsSpan().SequenceEqual(Header(kind, values, moments)))
            throw new InvalidDataException($"This is no strategy state for {values} values.");
        var residual = ReadVector(from, (int)values);
        var kept = ImmutableArray.CreateBuilder<ImmutableArray<double>>(moments);
        while (kept.Count < moments) kept.Add(ReadVector(from, (int)values));
        if (from.ReadByte() >= 0) throw new InvalidDataException("Bytes follow the end of the strategy state.");
        var state = new StrategyState(kind, residual, kept.MoveToImmutable());
        return state.Digest == expected ? state : throw new InvalidDataException($"The strategy state has digest {state.Digest}, not {expected}: restore the blob.");
    }

    private static ImmutableArray<double> ReadVector(Stream from, int values)
    {
        var vector = new double[values];
        var bytes = new byte[Block * sizeof(double)];
        for (var at = 0; at < vector.Length; at += Block)
        {
            var block = bytes.AsSpan(0, Math.Min(Block, vector.Length - at) * sizeof(double));
            ReadAll(from, block);
            for (var i = 0; i < block.Length / sizeof(double); i++)
                vector[at + i] = BinaryPrimitives.ReadDoubleLittleEndian(block[(i * sizeof(double))..]);
        }
        var read = ImmutableCollectionsMarshal.AsImmutableArray(vector);
        return AreFinite(read) ? read : throw new InvalidDataException("The strategy state holds values that are not finite.");
    }

    private static bool AreFinite(ImmutableArray<double> values)
    {
        foreach (var value in values.AsSpan()) if (!double.IsFinite(value)) return false;
        return true;
    }

    private static void ReadAll(Stream from, Span<byte> to)
    {
        if (from.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) < to.Length)
            throw new InvalidDataException("The strategy state is cut short: restore the blob.");
    }

    private void ForEachBlock(Action<ReadOnlySpan<byte>> take)
    {
        take(Header(Kind, Residual.Length, Moments.Length));
        var bytes = new byte[Block * sizeof(double)];
        foreach (var vector in Moments.Prepend(Residual))
        {
            for (var at = 0; at < vector.Length; at += Block)
            {
                var count = Math.Min(Block, vector.Length - at);
                for (var i = 0; i < count; i++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), vector[at + i]);
                take(bytes.AsSpan(0, count * sizeof(double)));
            }
        }
    }

    private static byte[] Header(string kind, long values, int moments)
    {
        var header = new byte[HeaderBytes];
        "DSFSTATE"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(moments == 0 ? 1 : 2));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), (ushort)(1 + moments));
        Encoding.ASCII.GetBytes(kind, header.AsSpan(12, KindBytes));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(52), values);
        return header;
    }
}
