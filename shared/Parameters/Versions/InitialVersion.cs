using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Randomness;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>Makes version 0: drawn from the manifest's seed, or read from the safetensors blob that came with the manifest.</summary>
public static class InitialVersion
{
    private const int Block = 16 * 1024;

    /// <summary>Makes the content of version 0, rounded to the grid with ties to even.</summary>
    /// <param name="spec">The model; its <see cref="ModelSpec.Start"/> says which way.</param>
    /// <param name="safetensors">The blob, seekable; only for <see cref="InitialWeights.FromBlob"/>.</param>
    /// <exception cref="ArgumentException">A blob is needed and missing, or given and not needed.</exception>
    /// <exception cref="InvalidDataException">
    /// The blob's digest is not the named one; a tensor is missing, unknown, of another shape or not F32; a value is not finite or off the grid.
    /// </exception>
    public static VersionContent Make(ModelSpec spec, Stream? safetensors) => (spec.Start, safetensors) switch
    {
        (InitialWeights.Seeded seeded, null) => Draw(spec, seeded.Seed),
        (InitialWeights.FromBlob blob, { } stream) => Load(spec, blob.Safetensors, stream),
        (InitialWeights.Seeded, _) => throw new ArgumentException("The model starts from a seed: no safetensors belong to it.", nameof(safetensors)),
        (InitialWeights.FromBlob blob, null) => throw new ArgumentException(
            $"The model starts from safetensors {blob.Safetensors.Short}: hand in that blob.", nameof(safetensors)),
        _ => throw new UnreachableException($"{spec.Start.GetType().Name} makes no version."),
    };

    /// <summary>Draws one tensor, whatever its role, as PyTorch's Linear and Conv do by default: uniform on ±1/√fan-in.</summary>
    /// <param name="slot">The tensor.</param>
    /// <param name="seed">Hashed (SHA-256 of its 8 little-endian bytes) into the stream's seed; the purpose is "initial weights/" and the tensor's name.</param>
    /// <param name="values">Receives the values; shape [slot.Length]. Each tensor has its own stream, so roles do not move the draws.</param>
    public static void Draw(TensorSlot slot, long seed, Span<double> values)
    {
        if (values.Length != slot.Length) throw new ArgumentException($"'{slot.Name}' has {slot.Length} values, not {values.Length}.", nameof(values));
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        using var stream = new SeededStream(SHA256.HashData(bytes), $"initial weights/{slot.Name}");
        var bound = 1 / Math.Sqrt(slot.FanIn);
        for (var i = 0; i < values.Length; i++) values[i] = (2 * stream.NextDouble() - 1) * bound;
    }

    private static VersionContent Draw(ModelSpec spec, long seed)
    {
        var layout = TensorLayout.Of(spec);
        var steps = new int[layout.SingleArrayLength];
        foreach (var slot in layout.Shared)
        {
            var values = new double[slot.Length];
            Draw(slot, seed, values);
            for (var i = 0; i < values.Length; i++) steps[slot.Offset + i] = Rounded(values[i], spec, slot);
        }
        return new VersionContent(spec, ImmutableCollectionsMarshal.AsImmutableArray(steps));
    }

    private static VersionContent Load(ModelSpec spec, Digest expected, Stream stream)
    {
        var layout = TensorLayout.Of(spec);
        var steps = new int[layout.SingleArrayLength];
        stream.Position = 0;
        var found = new Digest(SHA256.HashData(stream));
        if (found != expected) throw new InvalidDataException($"The safetensors have digest {found.Short}, not {expected.Short} as the model says: upload the right file.");
        var file = SafetensorsFile.Open(stream);
        if (file.Tensors.Keys.FirstOrDefault(name => layout.All.All(slot => slot.Name != name)) is { } unknown)
            throw new InvalidDataException($"The safetensors hold '{unknown}', which the model lacks: it has {string.Join(", ", layout.All.Select(s => s.Name))}.");
        var floats = new float[Block];
        foreach (var slot in layout.Shared)
        {
            file.Expect(slot.Name, slot.Shape);
            for (var at = 0L; at < slot.Length; at += Block)
            {
                var block = floats.AsSpan(0, (int)Math.Min(Block, slot.Length - at));
                file.ReadFloats(slot.Name, at, block);
                for (var i = 0; i < block.Length; i++) steps[slot.Offset + at + i] = Rounded(block[i], spec, slot);
            }
        }
        return new VersionContent(spec, ImmutableCollectionsMarshal.AsImmutableArray(steps));
    }

    private static int Rounded(double value, ModelSpec spec, TensorSlot slot) => Grid.TryRound(value, spec.GridBits, out var steps)
        ? steps
        : throw new InvalidDataException(
            $"'{slot.Name}' has a value that is not finite or beyond ±{Math.ScaleB(1, 31 - spec.GridBits)}, the reach of a grid of {spec.GridBits} bits: mend the file or take a coarser grid.");
}
