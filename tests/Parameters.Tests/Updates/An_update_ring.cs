using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Tests.Updates;

public sealed class An_update_ring
{
    [Theory]
    [InlineData(16, 4, 18, 3)]
    [InlineData(16, 5, 19, 3)]
    [InlineData(16, 256, 24, 3)]
    [InlineData(16, 257, 25, 4)]
    [InlineData(8, 1, 8, 1)]
    [InlineData(8, 2, 9, 2)]
    [InlineData(32, 1000, 42, 6)]
    [InlineData(32, 16384, 46, 6)]
    public void is_as_wide_as_its_sums_need(int bits, int participants, int width, int bytes)
    {
        var ring = Sample.Ring(bits, participants, 1000);
        Assert.Equal((width, bytes), (ring.Width, ring.BytesPerDigit));
        Assert.True((ulong)participants * ((1UL << bits) - 1) <= ring.Mask);
    }

    [Fact]
    public void knows_chunks_and_lengths_before_anything_is_allocated()
    {
        var ring = Sample.Ring(16, 4, 2 * UpdateRing.ChunkDigits - 1, "weight");
        Assert.Equal(2 * UpdateRing.ChunkDigits + 2, ring.Digits);
        Assert.Equal((3, 2), (ring.Chunks, ring.DigitsOf(2)));
        Assert.Equal(64 + 3 * ring.Digits, ring.BlobLength);
        Assert.Equal((ring.BlobLength - 6, ring.BlobLength), (ring.OffsetOf(2), ring.OffsetOf(3)));
        Assert.Equal([0, 0, 0, 1, 1, 2, 3], new[] { 0, 64, ring.OffsetOf(1) - 1, ring.OffsetOf(1), ring.OffsetOf(2) - 1, ring.BlobLength - 1, ring.BlobLength }.Select(ring.WholeChunks));
        Assert.Equal(64 + 3_000_000_000_000, Sample.Ring(16, 4, 1_000_000_000_000).BlobLength);
    }

    [Fact]
    public void refuses_numbers_outside_its_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Ring(7, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Ring(33, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Ring(16, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Ring(16, 16385, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Ring(16, 2, -1));
        Assert.Throws<ArgumentException>(() => Sample.Ring(16, 2, 0));
        Assert.Throws<ArgumentException>(() => Sample.Ring(16, 2, 1, "a", "a"));
        Assert.Throws<ArgumentException>(() => Sample.Ring(16, 2, 1, ""));
        Assert.Throws<OverflowException>(() => Sample.Ring(16, 2, long.MaxValue));
    }
}
