using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>The way from one version to another of the same model, as a blob: for an agent that returns.</summary>
/// <remarks>
/// Format 1, little-endian: "DSFDELT1" | spec digest (32) | from's content digest (32) | to's content digest (32) | count (int64) | body bytes (int64) |
/// Brotli of the body: for each value to - from, zigzag, as a base-128 varint of 1 to 5 bytes. The body's length is bounded by the model before
/// anything is decompressed, and decompression goes block by block.
/// </remarks>
public static class VersionDelta
{
    private const int HeaderBytes = 120;
    private const string What = "version delta";

    /// <summary>Writes the way from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <exception cref="ArgumentException">They are of different models.</exception>
    public static void Write(Stream stream, VersionContent from, VersionContent to)
    {
        if (from.SpecDigest != to.SpecDigest) throw new ArgumentException("The two versions are of different models.", nameof(to));
        var body = 0L;
        for (var i = 0; i < from.Values.Length; i++) body += Varint.Length(Varint.Zigzag((long)to.Values[i] - from.Values[i]));
        stream.Write(Header(from, to.Digest, body));
        using var brotli = new BrotliStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        using var buffered = new BufferedStream(brotli, 64 * 1024);
        Span<byte> varint = stackalloc byte[Varint.Longest];
        for (var i = 0; i < from.Values.Length; i++)
            buffered.Write(varint[..Varint.Write(Varint.Zigzag((long)to.Values[i] - from.Values[i]), varint)]);
    }

    /// <summary>Goes the way from <paramref name="from"/> and verifies where it ends.</summary>
    /// <exception cref="InvalidDataException">Not a delta, from another version, cut short, too long, damaged, or ending elsewhere than it says.</exception>
    public static VersionContent Apply(VersionContent from, Stream stream)
    {
        var header = new byte[HeaderBytes];
        stream.ReadAllOf(header, What);
        var target = new Digest(header.AsSpan(72, Digest.Length));
        var body = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(112));
        if (!header.AsSpan(0, 8).SequenceEqual("DSFDELT1"u8)) throw new InvalidDataException("This is no version delta of format 1.");
        if (!header.AsSpan().SequenceEqual(Header(from, target, body)))
            throw new InvalidDataException($"The version delta does not start from version content {from.Digest.Short}: fetch another delta or a snapshot.");
        if (body < from.Values.Length || body > (long)Varint.Longest * from.Values.Length)
            throw new InvalidDataException("The version delta states an impossible length.");

        var values = new int[from.Values.Length];
        var source = new BrotliBody(stream, body);
        for (var i = 0; i < values.Length; i++)
        {
            var value = from.Values[i] + Varint.Unzigzag(source.NextVarint());
            if (value is < int.MinValue or > int.MaxValue) throw new InvalidDataException("The version delta leads off the grid.");
            values[i] = (int)value;
        }
        source.ExpectEnd();
        var content = new VersionContent(from.Spec, ImmutableCollectionsMarshal.AsImmutableArray(values));
        return content.Digest == target ? content : throw new InvalidDataException("The version delta does not lead to the version it names: fetch it again.");
    }

    private static byte[] Header(VersionContent from, Digest to, long body)
    {
        var header = new byte[HeaderBytes];
        "DSFDELT1"u8.CopyTo(header);
        from.SpecDigest.CopyTo(header.AsSpan(8));
        from.Digest.CopyTo(header.AsSpan(40));
        to.CopyTo(header.AsSpan(72));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(104), from.Values.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(112), body);
        return header;
    }
}
