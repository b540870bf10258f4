using System.Text;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Parameters.Tests.Versions;

public sealed class A_safetensors_file
{
    internal static byte[] File(string header, byte[] data) =>
        [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. data];

    [Fact]
    public void is_written_in_the_form_that_others_read()
    {
        var bytes = Sample.Bytes(to => Safetensors.Write(to, Sample.Version(Sample.Logistic(), 1 << 20, 0, -(1 << 19), 3 << 20), new StudyId("heart"), Digest.Of([1])));
        var length = BitConverter.ToInt32(bytes);
        Assert.Equal(0, length % 8);
        Assert.Contains(
            """
            "linear.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},"linear.bias":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}
            """,
            Encoding.UTF8.GetString(bytes, 8, length), StringComparison.Ordinal);
        Assert.Equal("0000803f00000000000000bf00004040", Convert.ToHexStringLower(bytes.AsSpan(8 + length)));

        var file = SafetensorsFile.Open(new MemoryStream(bytes));
        Assert.Equal("heart", file.Metadata["study"]);
        Assert.Equal(Digest.Of([1]).ToString(), file.Metadata["version"]);
        Assert.Equal(["linear.bias", "linear.weight"], file.Tensors.Keys);
        var values = new float[2];
        file.ReadFloats("linear.weight", 1, values);
        Assert.Equal([0, -0.5f], values);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadFloats("linear.weight", 2, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadFloats("linear.weight", -1, new float[2]));
        Assert.Throws<InvalidDataException>(() => file.ReadFloats("linear.wait", 0, new float[1]));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", true)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2,1],"data_offsets":[4,8]}}""", true)]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", true)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"e":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},"__metadata__":{"k":"v"}}""", true)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":7}""", false)]
    [InlineData("""{"__metadata__":{"k":7},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", false)]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[2]]]],"data_offsets":[0,8]}}""", false)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    [InlineData("", false)]
    public void of_foreign_make_is_read_or_refused(string header, bool lawful)
    {
        var file = File(header, new byte[8]);
        if (lawful) Assert.NotEmpty(SafetensorsFile.Open(new MemoryStream(file)).Tensors);
        else Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(new MemoryStream(file)));
    }

    [Fact]
    public void is_refused_when_its_header_claims_more_than_there_is()
    {
        foreach (var claim in new[] { 17UL, 100_000_001UL, ulong.MaxValue, 1UL << 63 })
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(new MemoryStream([.. BitConverter.GetBytes(claim), .. new byte[16]])));
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(new MemoryStream(new byte[7])));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Open(new Sample.Trickle(new byte[8])));
    }
}
