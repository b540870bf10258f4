using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Parameters.Tests.Layout;

public sealed class A_layout
{
    private static string Describe(ModelSpec spec) =>
        string.Join("; ", TensorLayout.Of(spec).All.Select(t => $"{t.Name}[{string.Join(",", t.Shape)}]@{t.Offset}+{t.Length}/{t.FanIn}"));

    [Fact]
    public void of_logistic_regression_has_a_weight_and_a_bias() =>
        Assert.Equal("linear.weight[2,18]@0+36/18; linear.bias[2]@36+2/18", Describe(Sample.Logistic(18, 2)));

    [Fact]
    public void of_an_mlp_counts_its_layers_from_0() => Assert.Equal(
        "layers.0.weight[8,4]@0+32/4; layers.0.bias[8]@32+8/4; layers.1.weight[5,8]@40+40/8; layers.1.bias[5]@80+5/8; "
        + "layers.2.weight[2,5]@85+10/5; layers.2.bias[2]@95+2/5", Describe(Sample.Mlp));

    [Fact]
    public void of_a_cnn_follows_the_image_through_convolutions_and_pools() => Assert.Equal(
        "conv.0.weight[16,1,3,3]@0+144/9; conv.0.bias[16]@144+16/9; conv.1.weight[32,16,3,3]@160+4608/144; conv.1.bias[32]@4768+32/144; "
        + "hidden.weight[64,800]@4800+51200/800; hidden.bias[64]@56000+64/800; output.weight[10,64]@56064+640/64; output.bias[10]@56704+10/64",
        Describe(Sample.Cnn));

    [Fact]
    public void of_lenet_has_the_names_and_sizes_of_Flowers_niid_bench() => Assert.Equal(
        "conv1.weight[6,1,5,5]@0+150/25; conv1.bias[6]@150+6/25; conv2.weight[16,6,5,5]@156+2400/150; conv2.bias[16]@2556+16/150; "
        + "fc1.weight[120,256]@2572+30720/256; fc1.bias[120]@33292+120/256; fc2.weight[84,120]@33412+10080/120; fc2.bias[84]@43492+84/120; "
        + "fc3.weight[10,84]@43576+840/84; fc3.bias[10]@44416+10/84",
        Describe(Sample.LeNet));

    [Theory]
    [InlineData(3, 32, 32, 400)]
    [InlineData(1, 16, 19, 16)]
    public void of_lenet_follows_the_image(int channels, int height, int width, int left)
    {
        var layout = TensorLayout.Of(Sample.LeNet with { Architecture = new Architecture.LeNet(channels, height, width, 2) });
        Assert.Equal([6, channels, 5, 5], layout.All[0].Shape);
        Assert.Equal([120, left], layout.All[4].Shape);
        Assert.Throws<ArgumentException>(() => TensorLayout.Of(Sample.LeNet with { Architecture = new Architecture.LeNet(1, 15, width, 2) }));
    }

    [Fact]
    public void gives_offsets_to_shared_tensors_only()
    {
        var layout = TensorLayout.Of(Sample.Mlp with { Roles = Sample.AllShared.Add("layers.0.weight", TensorRole.Frozen).Add("layers.2.bias", TensorRole.Local) });
        Assert.Equal([-1, 0, 8, 48, 53, -1], layout.All.Select(t => t.Offset));
        Assert.Equal(["layers.0.bias", "layers.1.weight", "layers.1.bias", "layers.2.weight"], layout.Shared.Select(t => t.Name));
        Assert.Equal(63, layout.SharedLength);
        Assert.Equal("layers.1.weight", layout.SharedAt(47).Name);
        Assert.Equal("layers.1.bias", layout.SharedAt(48).Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.SharedAt(63));
    }

    [Fact]
    public void refuses_a_role_for_a_tensor_that_does_not_exist()
    {
        var refused = Assert.Throws<ArgumentException>(() => TensorLayout.Of(Sample.Logistic() with { Roles = Sample.AllShared.Add("linear.wieght", TensorRole.Local) }));
        Assert.Contains("linear.wieght", refused.Message, StringComparison.Ordinal);
        Assert.Contains("linear.weight", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void refuses_impossible_sizes()
    {
        Assert.Throws<ArgumentException>(() => TensorLayout.Of(Sample.Logistic(0)));
        Assert.Throws<ArgumentException>(() => TensorLayout.Of(Sample.Cnn with { Architecture = new Architecture.Cnn(1, 8, 8, [4, 4, 4], 8, 2) }));
    }

    [Fact]
    public void counts_in_64_bits_and_refuses_only_where_one_array_must_hold_it()
    {
        var huge = TensorLayout.Of(Sample.Logistic(2_000_000_000, 1000));
        Assert.Equal(2_000_000_001_000, huge.SharedLength);
        Assert.Throws<NotSupportedException>(() => huge.SingleArrayLength);
        var overflowing = Sample.Cnn with { Architecture = new Architecture.Cnn(1, int.MaxValue, int.MaxValue, [int.MaxValue], int.MaxValue, 2) };
        Assert.Throws<ArgumentException>(() => TensorLayout.Of(overflowing));
    }
}
