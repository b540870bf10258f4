using System.Diagnostics;
using CsCheck;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Tests.Protection;

public sealed class A_clear_fold
{
    private static readonly ClearProtection Clear = new();
    private static readonly RoundId Round = new(new StudyId("heart"), 1);

    private static byte[] Blob(UpdateRing ring, params ulong[] digits) => Sample.Bytes(to => Clear.Encode(new Sample.Digits(digits), ring, Round, 1, to));

    private static byte[] Fold(UpdateRing ring, params IEnumerable<byte[]> blobs) =>
        Sample.Bytes(to => Clear.Fold([.. blobs.Select(b => new MemoryStream(b))], ring, Round, 1, to, 0));

    private static ulong[] Reveal(UpdateRing ring, int participants, byte[] sum)
    {
        var digits = new ulong[ring.Digits];
        Clear.Reveal([.. Enumerable.Range(0, participants).Select(i => new SiteId($"s{i}"))], ring, Round, 1, new MemoryStream(sum)).Next(digits);
        return digits;
    }

    [Fact]
    public void adds_exactly_and_in_any_order() =>
        Gen.Select(Gen.Int[8, 32], Gen.Int[0, 5].Select(i => new[] { 2, 3, 4, 7, 100, 1000 }[i]), Gen.Int[1, 20], Gen.Int).Sample((bits, participants, values, seed) =>
        {
            var ring = Sample.Ring(bits, participants, values);
            var random = new Random(seed);
            var updates = Enumerable.Range(0, participants).Select(_ => Enumerable.Range(0, values)
                .Select(_ => random.Next(4) == 0 ? (1UL << bits) - 1 : (ulong)random.NextInt64(1L << bits)).ToArray()).ToArray();
            var blobs = updates.Select(u => Blob(ring, u)).ToArray();
            var sum = Fold(ring, blobs);
            Assert.Equal(ring.BlobLength, sum.Length);
            Assert.Equal(Enumerable.Range(0, values).Select(i => updates.Aggregate(0UL, (s, u) => s + u[i])), Reveal(ring, participants, sum));
            random.Shuffle(blobs);
            Assert.Equal(sum, Fold(ring, blobs));
        }, iter: 60);

    [Fact]
    public void has_a_frozen_form()
    {
        var blob = Blob(Sample.Ring(16, 4, 2, "weight"), 0x8001, 0xfffe, 3, 0, 0);
        Assert.Equal("44534655010000001210030001000000050000000000000000c00300040000000200000000000000c3ecf74125fa158b9346fdb19bc74cc20000000000000000018000feff00030000000000000000", Convert.ToHexStringLower(blob));
    }

    [Fact]
    public void goes_on_from_any_chunk_after_a_crash()
    {
        var ring = Sample.Ring(16, 4, 2 * UpdateRing.ChunkDigits + 5, "weight");
        var blobs = Enumerable.Range(1, 3).Select(k => Blob(ring, [.. Enumerable.Range(0, (int)ring.Digits).Select(i => (ulong)(i * k % 251))])).ToArray();
        var whole = Fold(ring, blobs);
        foreach (var survived in new[] { 0, 30, ring.OffsetOf(1) - 1, ring.OffsetOf(1), ring.OffsetOf(2) + 2, whole.Length })
        {
            using var sum = new MemoryStream();
            sum.Write(whole.AsSpan(0, (int)survived));
            var from = ring.WholeChunks(survived);
            if (from == 0) sum.SetLength(0);
            Clear.Fold([.. blobs.Reverse().Select(b => new MemoryStream(b))], ring, Round, 1, sum, from);
            Assert.Equal(whole, sum.ToArray());
        }
        using var other = new MemoryStream(Fold(ring, blobs[..2]));
        Assert.Throws<InvalidDataException>(() => Clear.Fold([.. blobs.Select(b => new MemoryStream(b))], ring, Round, 1, other, 1));
        using var tooShort = new MemoryStream();
        tooShort.Write(whole.AsSpan(0, 100));
        Assert.Throws<InvalidDataException>(() => Clear.Fold([.. blobs.Select(b => new MemoryStream(b))], ring, Round, 1, tooShort, 1));
    }

    [Fact]
    public void names_the_participant_whose_blob_is_wrong()
    {
        var ring = Sample.Ring(16, 4, 2, "weight");
        var good = Blob(ring, 1, 2, 3, 0, 0);
        void Refused(byte[] bad)
        {
            Assert.Equal(1, Assert.Throws<InvalidBlobException>(() => Fold(ring, good, bad, good)).Index);
            // The same from a stream that cannot seek, where the length is not known beforehand.
            Assert.Equal(2, Assert.Throws<InvalidBlobException>(() => Clear.Fold([new Sample.Trickle(good), new Sample.Trickle(good), new Sample.Trickle(bad)], ring, Round, 1, Stream.Null, 0)).Index);
        }
        for (var length = 0; length < good.Length; length++) Refused(good[..length]);
        Refused([.. good, 0]);
        for (var at = 0; at < UpdateRing.HeaderBytes; at++)
        {
            var changed = (byte[])good.Clone();
            changed[at] ^= 0x01;
            Refused(changed);
        }
        var wide = (byte[])good.Clone();
        wide[64 + 2] = 1;                       // 2^16 + 1 in 16 bits
        Refused(wide);
        Refused(Blob(Sample.Ring(16, 3, 2, "weight"), 1, 2, 3, 0, 0));
        Refused(Blob(Sample.Ring(16, 4, 5), 1, 2, 3, 0, 0));
        Refused(Fold(ring, good));
    }

    [Fact]
    public void takes_no_update_of_another_round_or_attempt()
    {
        var ring = Sample.Ring(16, 3, 2);
        byte[] Made(RoundId round, int attempt) => Sample.Bytes(to => Clear.Encode(new Sample.Digits([1, 2]), ring, round, attempt, to));
        var good = Made(Round, 1);
        Assert.NotEmpty(Fold(ring, good, good));
        foreach (var foreign in new[] { Made(Round with { Number = 2 }, 1), Made(Round, 2), Made(new RoundId(new StudyId("lungs"), 1), 1) })
        {
            Assert.NotEqual(good, foreign);
            Assert.Equal(1, Assert.Throws<InvalidBlobException>(() => Fold(ring, good, foreign)).Index);
        }
    }

    [Fact]
    public void refuses_a_count_above_48_bits_at_the_fold()
    {
        var ring = Sample.Ring(32, 4, 1, "weight");
        var blob = Blob(ring, 0, 0, 0xffff);
        Assert.Equal([0, 0, 0xffff], Reveal(ring, 1, Fold(ring, blob)));
        blob[64 + 2 * ring.BytesPerDigit + 2] = 1;
        Assert.Throws<InvalidBlobException>(() => Fold(ring, blob));
        Assert.Throws<ArgumentException>(() => Blob(ring, 0, 0, 0x10000));
        Assert.Throws<ArgumentException>(() => Blob(ring, 1UL << 32, 0, 0));
    }

    [Fact]
    public void is_revealed_over_exactly_its_participants_and_whole()
    {
        var ring = Sample.Ring(16, 4, 2);
        var sum = Fold(ring, Blob(ring, 1, 2), Blob(ring, 3, 4));
        Assert.Equal([4, 6], Reveal(ring, 2, sum));
        Assert.Throws<InvalidDataException>(() => Reveal(ring, 3, sum));
        Assert.Throws<InvalidDataException>(() => Reveal(ring, 2, sum[..^1]));
        Assert.Throws<InvalidDataException>(() => Reveal(ring, 2, sum[..10]));
        Assert.Throws<InvalidDataException>(() => Reveal(ring, 2, [.. sum, 0]));
        Assert.Throws<InvalidDataException>(() => Reveal(ring, 1, Blob(ring, 1, 2)));
        sum[66] = 0xff;
        Assert.Throws<InvalidDataException>(() => Reveal(ring, 2, sum));
        Assert.Throws<ArgumentException>(() => Fold(ring));
        Assert.Throws<ArgumentException>(() => Fold(ring, Enumerable.Repeat(Blob(ring, 1, 2), 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Clear.Fold([new MemoryStream(Blob(ring, 1, 2))], ring, Round, 1, Stream.Null, 2));
    }

    [Fact]
    public void takes_memory_for_a_chunk_and_not_for_the_model_or_the_cohort()
    {
        var ring = Sample.Ring(16, 8, 4 * UpdateRing.ChunkDigits);
        var blob = Blob(ring, new ulong[ring.Digits]);
        Stream[] blobs = [.. Enumerable.Range(0, 8).Select(_ => new MemoryStream(blob))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Clear.Fold(blobs, ring, Round, 1, Stream.Null, 0);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 11 * UpdateRing.ChunkDigits + 100_000);
        TestContext.Current.SendDiagnosticMessage("fold: {0:N0} MB/s", 8 * blob.Length / 1e6 / watch.Elapsed.TotalSeconds);
    }
}
