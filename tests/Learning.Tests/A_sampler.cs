using CsCheck;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Tests;

public sealed class A_sampler
{
    [Fact]
    public void takes_every_row_once_a_pass_and_goes_on_where_it_stood()
    {
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 20], Gen.Int[0, 40]).Sample((rows, batch, cut) =>
        {
            var steps = 3 * ((rows + batch - 1) / batch);
            var whole = new SeededBatches(Samples.Seed, rows, batch, default);
            var taken = Enumerable.Range(0, steps).Select(_ => whole.Next().ToArray()).ToList();
            Assert.Equal(new SamplerState(3, 0), whole.State);
            Assert.All(taken.SelectMany(b => b).Chunk(rows), pass => Assert.Equal(Enumerable.Range(0, rows), pass.Order()));

            var first = new SeededBatches(Samples.Seed, rows, batch, default);
            for (var i = 0; i < Math.Min(cut, steps); i++) first.Next();
            var second = new SeededBatches(Samples.Seed, rows, batch, first.State);
            for (var i = Math.Min(cut, steps); i < steps; i++) Assert.Equal(taken[i], second.Next().ToArray());
        });
    }

    [Fact]
    public void shuffles_by_seed_and_pass()
    {
        int[] First(byte[] seed, long epoch) => new SeededBatches(seed, 100, 100, new(epoch, 0)).Next().ToArray();
        var other = Samples.Seed.ToArray();
        other[0] ^= 1;
        Assert.Equal(First(Samples.Seed, 0), First(Samples.Seed, 0));
        Assert.NotEqual(First(Samples.Seed, 0), First(Samples.Seed, 1));
        Assert.NotEqual(First(Samples.Seed, 0), First(other, 0));
    }

    [Fact]
    public void begins_the_next_pass_when_rows_were_withdrawn() => Assert.Equal(new(6, 0), new SeededBatches(Samples.Seed, 10, 4, new(5, 12)).State);
}
