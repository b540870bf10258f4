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
/// Format 1, little-endian: "DSFSTATE" | format version (u16, 1) | vectors (u16, 1) | strategy's kind (ASCII, 40 bytes, zero-padded) | values (u64) |
/// the residual (float64 each). Moments of later strategies are further vectors of a later format version.
/// </remarks>
public sealed class StrategyState
{
    private const int HeaderBytes = 60, KindBytes = 40, Block = 8 * 1024;

    private StrategyState() => (Kind, Residual, Digest) = ("none", [], null);

    /// <summary>The state after a step.</summary>
    /// <param name="kind">The strategy's kind; a <see cref="Slug"/>.</param>
    /// <param name="residual">What the grid left over, in the model's own units; finite, at least one value.</param>
    /// <exception cref="ArgumentException">Otherwise.</exception>
    public StrategyState(string kind, ImmutableArray<double> residual)
    {
        if (!Slug.Is(kind)) throw new ArgumentException($"'{kind}' is no strategy's kind.", nameof(kind));
        if (residual.IsDefaultOrEmpty || !residual.All(double.IsFinite)) throw new ArgumentException("A residual has values, all finite.", nameof(residual));
        (Kind, Residual) = (kind, residual);
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

    /// <summary>SHA-256 of the blob; null for <see cref="None"/>.</summary>
    public Digest? Digest { get; }

    /// <summary>Whether this is the state before the first step.</summary>
    public bool IsNone => Digest is null;

    /// <summary>Exact length in bytes of a blob for <paramref name="values"/> values.</summary>
    public static long Length(long values) => checked(HeaderBytes + values * sizeof(double));

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
        if (!Slug.Is(kind) || !header.AsSpan().SequenceEqual(Header(kind, values)))
            throw new InvalidDataException($"This is no strategy state of format 1 for {values} values.");
        var residual = new double[values];
        var bytes = new byte[Block * sizeof(double)];
        for (var at = 0; at < residual.Length; at += Block)
        {
            var block = bytes.AsSpan(0, Math.Min(Block, residual.Length - at) * sizeof(double));
            ReadAll(from, block);
            for (var i = 0; i < block.Length / sizeof(double); i++)
                residual[at + i] = BinaryPrimitives.ReadDoubleLittleEndian(block[(i * sizeof(double))..]);
        }
        if (from.ReadByte() >= 0) throw new InvalidDataException("Bytes follow the end of the strategy state.");
        if (!residual.All(double.IsFinite)) throw new InvalidDataException("The strategy state holds values that are not finite.");
        var state = new StrategyState(kind, ImmutableCollectionsMarshal.AsImmutableArray(residual));
        return state.Digest == expected ? state : throw new InvalidDataException($"The strategy state has digest {state.Digest}, not {expected}: restore the blob.");
    }

    private static void ReadAll(Stream from, Span<byte> to)
    {
        if (from.ReadAtLeast(to, to.Length, throwOnEndOfStream: false) < to.Length)
            throw new InvalidDataException("The strategy state is cut short: restore the blob.");
    }

    private void ForEachBlock(Action<ReadOnlySpan<byte>> take)
    {
        take(Header(Kind, Residual.Length));
        var bytes = new byte[Block * sizeof(double)];
        for (var at = 0; at < Residual.Length; at += Block)
        {
            var count = Math.Min(Block, Residual.Length - at);
            for (var i = 0; i < count; i++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), Residual[at + i]);
            take(bytes.AsSpan(0, count * sizeof(double)));
        }
    }

    private static byte[] Header(string kind, long values)
    {
        var header = new byte[HeaderBytes];
        "DSFSTATE"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), 1);
        Encoding.ASCII.GetBytes(kind, header.AsSpan(12, KindBytes));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(52), values);
        return header;
    }
}
