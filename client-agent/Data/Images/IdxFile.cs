using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Images;

/// <summary>One IDX file of unsigned bytes, plain or packed with gzip (told by its first bytes, not by its name).</summary>
/// <remarks>IDX, as published with MNIST: 0, 0, type (8 is unsigned byte), number of dimensions, each size as 32 bits big-endian, the values row-major.</remarks>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;
    private const int MostDimensions = 4;

    /// <summary>Opens it and reads its heading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="whole">Told the digest of the file's bytes once all values were read.</param>
    /// <exception cref="ArrayFaultException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public static PackedArray Open(string path, Action<Digest> whole)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
        try
        {
            var (length, isPacked) = (file.Length, IsGzip(file));
            uint? packedSize = isPacked ? LastWord(file) : null;
            var bytes = new HashingStream(file);
            Stream values = isPacked ? new BufferedStream(new GZipStream(bytes, CompressionMode.Decompress), 64 * 1024) : bytes;
            var (shape, heading) = Heading(values);
            return new PackedArray(ElementType.UInt8, shape, values, new(length, isPacked ? null : length - heading), () =>
            {
                bytes.CopyTo(Stream.Null);
                // What is missing or added behind the last packed value goes unnoticed by its reader; the size of all values must end the file.
                if (packedSize is { } said && said != (uint)(shape.Aggregate(1L, (product, size) => product * size) + heading)) throw new ArrayFaultException(DatasetFaultKind.Damaged);
                whole(bytes.Finish());
            });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static (ImmutableArray<long> Shape, int Length) Heading(Stream from)
    {
        Span<byte> magic = stackalloc byte[4];
        Fill(from, magic);
        if (magic[0] != 0 || magic[1] != 0 || magic[2] != UnsignedByte || magic[3] is 0 or > MostDimensions) throw new ArrayFaultException(DatasetFaultKind.NotIdx);
        Span<byte> sizes = stackalloc byte[4 * magic[3]];
        Fill(from, sizes);
        var shape = ImmutableArray.CreateBuilder<long>(magic[3]);
        for (var i = 0; i < magic[3]; i++) shape.Add(BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * i)..]));
        return (shape.MoveToImmutable(), magic.Length + sizes.Length);
    }

    private static void Fill(Stream from, Span<byte> heading)
    {
        if (from.ReadAtLeast(heading, heading.Length, throwOnEndOfStream: false) < heading.Length) throw new ArrayFaultException(DatasetFaultKind.NotIdx);
    }

    private static bool IsGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isGzip;
    }

    private static uint LastWord(FileStream file)
    {
        Span<byte> word = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - word.Length);
        if (file.ReadAtLeast(word, word.Length, throwOnEndOfStream: false) < word.Length) throw new ArrayFaultException(DatasetFaultKind.NotIdx);
        file.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
