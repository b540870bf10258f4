using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="DType">Its element type, as the format spells it: <c>F32</c>.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past its last byte.</param>
public sealed record StoredTensor(string DType, ImmutableArray<long> Shape, long Begin, long End);

/// <summary>An opened safetensors file: the header is checked whole before anything is believed; tensors are read when asked for.</summary>
/// <remarks>Foreign input. Offsets lie inside the file, without gap or overlap, and fit type and shape. Not thread-safe: it moves the stream.</remarks>
public sealed class SafetensorsFile
{
    /// <summary>Longest header read, in bytes: the format's own limit.</summary>
    public const int LongestHeader = 100_000_000;

    private readonly Stream _stream;
    private readonly long _dataStart;

    private SafetensorsFile(Stream stream, long dataStart, ImmutableSortedDictionary<string, StoredTensor> tensors, ImmutableSortedDictionary<string, string> metadata) =>
        (_stream, _dataStart, Tensors, Metadata) = (stream, dataStart, tensors, metadata);

    /// <summary>The tensors, by name.</summary>
    public ImmutableSortedDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The file's <c>__metadata__</c>; empty where it has none.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file; the stream stays the caller's.</summary>
    /// <param name="stream">Seekable; read from its beginning.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="InvalidDataException">Not a lawful safetensors file; the message says where.</exception>
    public static SafetensorsFile Open(Stream stream)
    {
        if (!stream.CanSeek) throw new ArgumentException("Safetensors are read out of order: store them in a file first.", nameof(stream));
        stream.Position = 0;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        stream.ReadAllOf(prefix, "safetensors file");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || length > (ulong)(stream.Length - prefix.Length))
            throw new InvalidDataException($"The safetensors header claims {length} bytes: more than the file has or the format allows.");
        var header = new byte[length];
        stream.ReadAllOf(header, "safetensors header");
        var dataStart = prefix.Length + (long)length;
        var (tensors, metadata) = SafetensorsHeader.Parse(header, stream.Length - dataStart);
        return new SafetensorsFile(stream, dataStart, tensors, metadata);
    }

    /// <summary>Reads values <paramref name="first"/>... of an F32 tensor.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="first">Index of the first value, row-major.</param>
    /// <param name="values">Receives the values; not checked for being finite.</param>
    /// <exception cref="InvalidDataException">No such tensor, not F32, or the file was cut since it was opened.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has fewer values.</exception>
    public void ReadFloats(string name, long first, Span<float> values)
    {
        var tensor = Find(name);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, (tensor.End - tensor.Begin) / sizeof(float) - values.Length);
        _stream.Position = _dataStart + tensor.Begin + first * sizeof(float);
        var bytes = new byte[values.Length * sizeof(float)];
        _stream.ReadAllOf(bytes, "safetensors file");
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
    }

    /// <summary>Refuses unless the file has F32 tensor <paramref name="name"/> of exactly this shape.</summary>
    internal void Expect(string name, ImmutableArray<long> shape)
    {
        if (!Find(name).Shape.SequenceEqual(shape))
            throw new InvalidDataException($"Tensor '{name}' has shape [{string.Join(", ", Find(name).Shape)}] in the safetensors; the model needs [{string.Join(", ", shape)}].");
    }

    private StoredTensor Find(string name)
    {
        if (!Tensors.TryGetValue(name, out var tensor)) throw new InvalidDataException($"The safetensors lack tensor '{name}'.");
        return tensor.DType == "F32" ? tensor : throw new InvalidDataException($"Tensor '{name}' is {tensor.DType}; only F32 is read: convert the file.");
    }
}
