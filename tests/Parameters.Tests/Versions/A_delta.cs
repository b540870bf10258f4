using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Parameters.Tests.Versions;

public sealed class A_delta
{
    private static readonly VersionContent From = Sample.Version(Sample.Logistic(), 1, -2, int.MaxValue, int.MinValue);
    private static readonly VersionContent To = Sample.Version(Sample.Logistic(), 0, 70, int.MinValue, int.MaxValue);
    private static readonly byte[] Bytes = Sample.Bytes(to => VersionDelta.Write(to, From, To));

    [Fact]
    public void leads_from_any_version_to_any_other() =>
        Gen.Select(Gen.Int.Array[8], Gen.Int[-100, 100].Array[8], Gen.Bool).Sample((a, b, near) =>
        {
            var spec = Sample.Logistic(7);
            var (from, to) = (Sample.Version(spec, a), Sample.Version(spec, near ? [.. a.Zip(b, (x, d) => unchecked(x + d))] : b));
            var delta = Sample.Bytes(stream => VersionDelta.Write(stream, from, to));
            Assert.Equal(to.Values, VersionDelta.Apply(from, new Sample.Trickle(delta)).Values);
        }, iter: 200);

    [Fact]
    public void of_near_versions_is_much_smaller_than_a_snapshot()
    {
        var from = InitialVersion.Make(Sample.Cnn, null);
        var to = Sample.Version(Sample.Cnn, [.. from.Values.Select((v, i) => v + i % 23 - 11)]);
        var delta = Sample.Bytes(stream => VersionDelta.Write(stream, from, to));
        Assert.True(delta.Length < VersionSnapshot.Length(from.Layout) / 4);
        Assert.Equal(to.Digest, VersionDelta.Apply(from, new MemoryStream(delta)).Digest);
    }

    [Fact]
    public void is_refused_from_another_version()
    {
        var refused = Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(To, new MemoryStream(Bytes)));
        Assert.Contains(To.Digest.Short, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VersionDelta.Write(Stream.Null, From, Sample.Version(Sample.Logistic(gridBits: 3), 1, 2, 3, 4)));
    }

    [Fact]
    public void is_refused_when_any_byte_is_changed_missing_or_added()
    {
        for (var at = 0; at < Bytes.Length; at++)
        {
            Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(Bytes[..at])));
            var changed = (byte[])Bytes.Clone();
            changed[at] ^= 0x10;
            // A Brotli stream may have bits that mean nothing; then it must still lead to the named version.
            try { Assert.Equal(To.Digest, VersionDelta.Apply(From, new MemoryStream(changed)).Digest); }
            catch (InvalidDataException) { continue; }
            Assert.True(at >= 120, "every byte of the header matters");
        }
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream([.. Bytes, 0])));
    }

    [Fact]
    public void is_refused_when_it_unpacks_to_more_or_less_than_it_states()
    {
        static byte[] WithBody(byte[] body, long stated)
        {
            using var stream = new MemoryStream();
            stream.Write(Bytes.AsSpan(0, 112));
            stream.Write(BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(BinaryPrimitives.ReverseEndianness(stated))));
            using (var brotli = new BrotliStream(stream, CompressionLevel.Optimal, leaveOpen: true)) brotli.Write(body);
            return stream.ToArray();
        }
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody(new byte[1 << 22], 20))));          // a bomb
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody(new byte[5], 4))));
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody(new byte[3], 4))));
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody(new byte[4], long.MaxValue))));
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody(new byte[4], -1))));
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody([0x80, 0, 0, 0, 0], 5))));          // overlong
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody([255, 255, 255, 255, 255, 0, 0, 0], 8))));
        Assert.Throws<InvalidDataException>(() => VersionDelta.Apply(From, new MemoryStream(WithBody([0, 0, 2, 0], 4))));                // off the grid
    }
}
