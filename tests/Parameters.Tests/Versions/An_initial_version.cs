using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Parameters.Tests.Versions;

public sealed class An_initial_version
{
    [Fact]
    public void of_a_seed_is_the_same_for_ever()
    {
        Assert.Equal("2e42bdff2e20ff7f4996f4f7743825c3ad073e5c8a82392776d40d84bd93cb81", InitialVersion.Make(Sample.Mlp, null).Digest.ToString());
        Assert.NotEqual(InitialVersion.Make(Sample.Mlp, null).Digest, InitialVersion.Make(Sample.Mlp with { Start = new InitialWeights.Seeded(8) }, null).Digest);
    }

    [Fact]
    public void of_a_seed_is_uniform_within_the_fan_in_bound()
    {
        var content = InitialVersion.Make(Sample.Cnn, null);
        foreach (var slot in content.Layout.Shared)
        {
            var bound = 1 / Math.Sqrt(slot.FanIn);
            var values = content.Values.AsSpan().Slice((int)slot.Offset, (int)slot.Length).ToArray().Select(v => v * content.Step).ToArray();
            Assert.All(values, v => Assert.InRange(v, -bound - content.Step, bound + content.Step));
            if (slot.Length < 500) continue;
            // The variance of a uniform on ±B is B²/3; 5 sigma of its estimate over this many values.
            var variance = values.Sum(v => v * v) / values.Length;
            Assert.InRange(variance / (bound * bound / 3), 1 - 5 * Math.Sqrt(0.8 / values.Length), 1 + 5 * Math.Sqrt(0.8 / values.Length));
            Assert.InRange(values.Average() / bound, -5 / Math.Sqrt(3.0 * values.Length), 5 / Math.Sqrt(3.0 * values.Length));
        }
    }

    [Fact]
    public void of_a_seed_does_not_move_when_another_tensor_stays_at_home()
    {
        var all = InitialVersion.Make(Sample.Mlp, null);
        var some = InitialVersion.Make(Sample.Mlp with { Roles = Sample.AllShared.Add("layers.0.weight", TensorRole.Local) }, null);
        Assert.Equal(all.Values[32..], some.Values);
    }

    [Fact]
    public void of_safetensors_is_what_was_written()
    {
        var content = InitialVersion.Make(Sample.Cnn, null);
        var file = Sample.Bytes(to => Safetensors.Write(to, content, new StudyId("digits"), Digest.Of([])));
        var spec = Sample.Cnn with { Start = new InitialWeights.FromBlob(Digest.Of(file)) };
        Assert.Equal(content.Values, InitialVersion.Make(spec, new MemoryStream(file)).Values);
    }

    [Fact]
    public void of_safetensors_refuses_another_blob_shape_type_name_or_value()
    {
        static VersionContent Load(byte[] file) =>
            InitialVersion.Make(Sample.Logistic() with { Start = new InitialWeights.FromBlob(Digest.Of(file)) }, new MemoryStream(file));
        const string Bias = """
            "linear.bias":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}
            """;
        var zeros = new byte[16];

        Assert.Equal([0, 0, 0, 0], Load(A_safetensors_file.File("""{"linear.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},""" + Bias, zeros)).Values);
        foreach (var weight in new[]
        {
            """{"linear.weight":{"dtype":"F32","shape":[3,1],"data_offsets":[0,12]},""",
            """{"linear.weight":{"dtype":"I32","shape":[1,3],"data_offsets":[0,12]},""",
            """{"linear.other":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},""",
        })
            Assert.Throws<InvalidDataException>(() => Load(A_safetensors_file.File(weight + Bias, zeros)));
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, 2048f, -1e30f })
        {
            var refused = Assert.Throws<InvalidDataException>(() => Load(A_safetensors_file.File(
                """{"linear.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},""" + Bias, [.. new byte[12], .. BitConverter.GetBytes(value)])));
            Assert.Contains("linear.bias", refused.Message, StringComparison.Ordinal);
        }
        var named = Sample.Logistic() with { Start = new InitialWeights.FromBlob(Digest.Of([1])) };
        Assert.Throws<InvalidDataException>(() => InitialVersion.Make(named, new MemoryStream(zeros)));
        Assert.Throws<ArgumentException>(() => InitialVersion.Make(named, null));
        Assert.Throws<ArgumentException>(() => InitialVersion.Make(Sample.Logistic(), new MemoryStream(zeros)));
    }
}
