using System.Buffers.Binary;
using System.IO.Compression;
using DeepSeek.Federated.Data.Images;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>Images of 28×28 bytes with their labels, as IDX files hold them.</summary>
/// <param name="Images">Shape [count, 28, 28], row-major.</param>
/// <param name="Labels">Shape [count].</param>
internal sealed record IdxSet(byte[] Images, byte[] Labels)
{
    public const int Side = 28, Pixels = Side * Side;
    private const int Largest = 1 << 30;

    public ReadOnlySpan<byte> Image(int index) => Images.AsSpan(index * Pixels, Pixels);

    /// <summary>The images at <paramref name="rows"/>, in that order.</summary>
    public IdxSet Take(IReadOnlyList<int> rows)
    {
        var images = new byte[rows.Count * Pixels];
        for (var i = 0; i < rows.Count; i++) Image(rows[i]).CopyTo(images.AsSpan(i * Pixels));
        return new(images, [.. rows.Select(r => Labels[r])]);
    }

    /// <summary>One after another.</summary>
    public static IdxSet Concat(IReadOnlyList<IdxSet> sets) => new([.. sets.SelectMany(s => s.Images)], [.. sets.SelectMany(s => s.Labels)]);

    /// <summary>Writes the two files; their names are MNIST's behind <paramref name="prefix"/>.</summary>
    public IdxPair Write(string folder, string prefix)
    {
        var pair = new IdxPair(Path.Combine(folder, $"{prefix}-images-idx3-ubyte"), Path.Combine(folder, $"{prefix}-labels-idx1-ubyte"));
        File.WriteAllBytes(pair.Images, [.. Heading(Labels.Length, Side, Side), .. Images]);
        File.WriteAllBytes(pair.Labels, [.. Heading(Labels.Length), .. Labels]);
        return pair;
    }

    /// <summary>Reads two files, plain or gzip.</summary>
    /// <exception cref="SandboxFault">They are not such files.</exception>
    public static IdxSet Read(IdxPair pair)
    {
        var (images, labels) = (Bytes(pair.Images), Bytes(pair.Labels));
        var count = labels.Length - Heading(0).Length;
        return count >= 0 && labels.AsSpan().StartsWith(Heading(count)) && images.AsSpan().StartsWith(Heading(count, Side, Side)) && images.Length == Heading(0, 0, 0).Length + (long)count * Pixels
            ? new(images[Heading(0, 0, 0).Length..], labels[Heading(0).Length..])
            : throw new SandboxFault($"'{pair.Images}' and '{pair.Labels}' are not as many images of {Side}×{Side} bytes as labels, in MNIST's format.");
    }

    private static byte[] Bytes(string path)
    {
        using var file = File.OpenRead(path);
        var isPacked = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using Stream from = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var all = new MemoryStream();
        try
        {
            var buffer = new byte[64 * 1024];
            while (all.Length <= Largest && from.Read(buffer) is > 0 and var read) all.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            throw new SandboxFault($"'{path}' cannot be unpacked. Copy it again.");
        }
        return all.Length <= Largest ? all.ToArray() : throw new SandboxFault($"'{path}' holds more than {Largest} bytes.");
    }

    private static byte[] Heading(params int[] sizes)
    {
        var heading = new byte[4 + 4 * sizes.Length];
        (heading[2], heading[3]) = (8, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(heading.AsSpan(4 + 4 * i), sizes[i]);
        return heading;
    }
}
