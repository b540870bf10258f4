using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Parameters.Tests.Versions;

public sealed class A_version
{
    private static readonly VersionContent Content = Sample.Version(Sample.Logistic(), 1, -2, 1 << 20, int.MinValue);

    [Fact]
    public void has_a_frozen_content_digest_and_id()
    {
        Assert.Equal("dd9c164c9ca887c99da2da2f1535e38b256124ecd26aa898a6c2b36a955aaf91", Content.Digest.ToString());
        var first = VersionIdentity.Of(new StudyId("heart"), 0, Content.Digest, null);
        Assert.Equal("22b6bfe596f5919c0026da340c5a2974f27971c4a82e668f427d434cca9c0ce4", first.ToString());
        Assert.Equal("81e777fa97b9cb38c4ebe6639d346b119cba29b28fe7d971eeafe0b10a9fe9e0", VersionIdentity.Of(new StudyId("heart"), 1, Content.Digest, first).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => VersionIdentity.Of(new StudyId("heart"), -1, Content.Digest, null));
    }

    [Fact]
    public void is_another_one_when_a_value_the_grid_or_the_start_differs()
    {
        Digest[] digests =
        [
            Content.Digest, Sample.Version(Sample.Logistic(), 1, -2, 1 << 20, 0).Digest, Sample.Version(Sample.Logistic(gridBits: 19), 1, -2, 1 << 20, int.MinValue).Digest,
            Sample.Version(Sample.Logistic(1, 2), 1, -2, 1 << 20, int.MinValue).Digest,
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Fact]
    public void becomes_floats_by_one_exact_scaling()
    {
        var floats = new float[4];
        Content.ToFloats(floats);
        Assert.Equal([MathF.ScaleB(1, -20), MathF.ScaleB(-2, -20), 1, -2048], floats);
        Assert.Throws<ArgumentException>(() => Content.ToFloats(new float[3]));
    }

    [Fact]
    public void has_as_many_values_as_its_model_shares()
    {
        Assert.Throws<ArgumentException>(() => Sample.Version(Sample.Logistic(), 1, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Version(Sample.Logistic(gridBits: 31), 1, 2, 3, 4));
    }

    [Fact]
    public void rounds_to_the_grid_with_ties_to_even_and_refuses_what_lies_beyond()
    {
        Assert.True(Grid.TryRound(2.5, 0, out var two) && two == 2);
        Assert.True(Grid.TryRound(3.5, 0, out var four) && four == 4);
        Assert.True(Grid.TryRound(-2048, 20, out var least) && least == int.MinValue);
        Assert.False(Grid.TryRound(2048, 20, out _));
        Assert.False(Grid.TryRound(double.NaN, 20, out _));
        Assert.False(Grid.TryRound(double.NegativeInfinity, 20, out _));
    }
}
