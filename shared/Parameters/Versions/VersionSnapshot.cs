using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>A whole version as a blob: for an agent that has no version to start from.</summary>
/// <remarks>
/// Format 1, little-endian: "DSFSNAP1" | spec digest (32) | grid bits (int32) | count (int64) | content digest (32) | count int32 values.
/// Reads and writes block by block. The caller knows the model; nothing in the blob decides how much is allocated.
/// </remarks>
public static class VersionSnapshot
{
    private const int HeaderBytes = 84, Block = 16 * 1024;
    private const string What = "version snapshot";

    /// <summary>Exact length in bytes of every snapshot of <paramref name="layout"/>.</summary>
    public static long Length(TensorLayout layout) => checked(HeaderBytes + sizeof(int) * layout.SharedLength);

    /// <summary>Writes <paramref name="content"/>.</summary>
    public static void Write(Stream to, VersionContent content)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        "DSFSNAP1"u8.CopyTo(header);
        content.SpecDigest.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], content.Spec.GridBits);
        BinaryPrimitives.WriteInt64LittleEndian(header[44..], content.Values.Length);
        content.Digest.CopyTo(header[52..]);
        to.Write(header);
        content.ForEachBlock(to.Write);
    }

    /// <summary>Reads a snapshot of a version of <paramref name="spec"/> and verifies its digest.</summary>
    /// <exception cref="InvalidDataException">Not a snapshot, of another model, cut short, too long, or damaged.</exception>
    public static VersionContent Read(Stream from, ModelSpec spec)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        from.ReadAllOf(header, What);
        if (!header[..8].SequenceEqual("DSFSNAP1"u8)) throw new InvalidDataException("This is no version snapshot of format 1.");
        var layout = TensorLayout.Of(spec);
        if (new Digest(header[8..40]) != ModelSpecDocument.Digest(spec) || BinaryPrimitives.ReadInt32LittleEndian(header[40..]) != spec.GridBits
            || BinaryPrimitives.ReadInt64LittleEndian(header[44..]) != layout.SharedLength)
            throw new InvalidDataException("The version snapshot is of another model: fetch the one that the study names.");
        var content = new VersionContent(spec, ImmutableCollectionsMarshal.AsImmutableArray(ReadValues(from, layout.SingleArrayLength)));
        from.ExpectEnd(What);
        return content.Digest == new Digest(header[52..])
            ? content
            : throw new InvalidDataException("The version snapshot's values do not match its digest: fetch it again.");
    }

    private static int[] ReadValues(Stream from, int count)
    {
        var values = new int[count];
        var bytes = new byte[Block * sizeof(int)];
        for (var at = 0; at < count; at += Block)
        {
            var block = bytes.AsSpan(0, Math.Min(Block, count - at) * sizeof(int));
            from.ReadAllOf(block, What);
            for (var i = 0; i < block.Length / sizeof(int); i++)
                values[at + i] = BinaryPrimitives.ReadInt32LittleEndian(block[(i * sizeof(int))..]);
        }
        return values;
    }
}
