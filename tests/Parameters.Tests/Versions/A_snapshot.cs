using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Parameters.Tests.Versions;

public sealed class A_snapshot
{
    private static readonly VersionContent Content = Sample.Version(Sample.Logistic(), 1, -2, int.MaxValue, int.MinValue);
    private static readonly byte[] Bytes = Sample.Bytes(to => VersionSnapshot.Write(to, Content));

    [Fact]
    public void has_a_frozen_form_and_a_length_known_beforehand()
    {
        Assert.Equal("03d14757f22d06a5b1119113edca703dc858f2246ec584d08d7d1513723d9d9a", Digest.Of(Bytes).ToString());
        Assert.Equal(VersionSnapshot.Length(Content.Layout), Bytes.Length);
        Assert.Equal("010000" + "00feffffffffffff7f00000080", Convert.ToHexStringLower(Bytes.AsSpan(84)));
    }

    [Fact]
    public void comes_back_as_it_was_written()
    {
        Assert.Equal(Content.Digest, VersionSnapshot.Read(new Sample.Trickle(Bytes), Sample.Logistic()).Digest);
        var large = InitialVersion.Make(Sample.Cnn, null);
        Assert.Equal(large.Values, VersionSnapshot.Read(new MemoryStream(Sample.Bytes(to => VersionSnapshot.Write(to, large))), Sample.Cnn).Values);
    }

    [Fact]
    public void is_refused_when_any_byte_is_changed_missing_or_added()
    {
        for (var at = 0; at < Bytes.Length; at++)
        {
            var changed = (byte[])Bytes.Clone();
            changed[at] ^= 0x40;
            Assert.Throws<InvalidDataException>(() => VersionSnapshot.Read(new MemoryStream(changed), Sample.Logistic()));
            Assert.Throws<InvalidDataException>(() => VersionSnapshot.Read(new MemoryStream(Bytes[..at]), Sample.Logistic()));
        }
        Assert.Throws<InvalidDataException>(() => VersionSnapshot.Read(new MemoryStream([.. Bytes, 0]), Sample.Logistic()));
        Assert.Throws<InvalidDataException>(() => VersionSnapshot.Read(new MemoryStream(Bytes), Sample.Logistic(gridBits: 19)));
        Assert.Throws<InvalidDataException>(() => VersionSnapshot.Read(new MemoryStream(Bytes), Sample.Logistic(4)));
    }
}
