using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Lineage.Tests.Leaves;

public sealed class A_private_part
{
    private static readonly byte[] Content = """{"sentence":"two rows are missing"}"""u8.ToArray();

    [Fact]
    public void commits_to_salt_and_content()
    {
        var bytes = (byte[])[.. Enumerable.Repeat((byte)7, 32), .. Content];
        var part = PrivatePart.Decode(bytes);
        Assert.Equal(new Digest(SHA256.HashData(bytes)), part.Commitment);
        Assert.Equal(Content, part.Content.ToArray());
        Assert.Equal(bytes, part.Encode());
        Assert.DoesNotContain("rows", part.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void is_salted_anew_each_time_and_opens_its_own_leaf_only()
    {
        var (one, two) = (PrivatePart.Of(Content), PrivatePart.Of(Content));
        Assert.NotEqual(one.Commitment, two.Commitment);
        var leaf = new EventCatalog().ToLeaf(EventSamples.All[0], 0, EventSamples.Noon, "coordinator", one);
        Assert.True(one.Opens(leaf));
        Assert.True(PrivatePart.Decode(one.Encode()).Opens(Leaf.Decode(leaf.Encode())));
        Assert.False(two.Opens(leaf));
        Assert.False(two.Opens(leaf with { Private = null }));
    }

    [Fact]
    public void is_canonical_JSON_within_its_bounds()
    {
        Assert.Throws<FormatException>(() => PrivatePart.Of("{ }"u8.ToArray()));
        Assert.Throws<FormatException>(() => PrivatePart.Of(ReadOnlyMemory<byte>.Empty));
        Assert.Throws<FormatException>(() => PrivatePart.Decode(new byte[31]));
        Assert.Throws<FormatException>(() => PrivatePart.Decode(new byte[PrivatePart.SaltLength + PrivatePart.LargestContent + 1]));
    }
}
