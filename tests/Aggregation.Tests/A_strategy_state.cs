using System.Buffers.Binary;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Aggregation.Tests;

public sealed class A_strategy_state
{
    private static readonly StrategyState State = new("fedavg", [0.25, -1e-9, double.Epsilon]);
    private static readonly byte[] Blob = Written(State);

    private static byte[] Written(StrategyState state)
    {
        using var stream = new MemoryStream();
        state.Write(stream);
        return stream.ToArray();
    }

    [Fact]
    public void has_a_frozen_form_named_by_its_digest()
    {
        Assert.Equal("d7346a7b17e448959be91c1a54b428251a9b47ce2532c5d34cd8db96d8b4d41d", State.Digest.ToString());
        Assert.Equal(State.Digest, Digest.Of(Blob));
        Assert.Equal(StrategyState.Length(3), Blob.Length);
    }

    [Fact]
    public void comes_back_as_it_was_written()
    {
        Assert.Equal(State.Residual, StrategyState.Read(new MemoryStream(Blob), 3, State.Digest!.Value).Residual);
        var large = new StrategyState("fedavg", [.. Enumerable.Range(0, 20_001).Select(i => i / 3.0)]);
        Assert.Equal(large.Residual, StrategyState.Read(new MemoryStream(Written(large)), 20_001, large.Digest!.Value).Residual);
    }

    [Fact]
    public void is_refused_when_any_byte_is_changed_missing_or_added()
    {
        for (var at = 0; at < Blob.Length; at++)
        {
            var changed = (byte[])Blob.Clone();
            changed[at] ^= 0x04;
            Assert.Throws<InvalidDataException>(() => StrategyState.Read(new MemoryStream(changed), 3, State.Digest!.Value));
            Assert.Throws<InvalidDataException>(() => StrategyState.Read(new MemoryStream(Blob[..at]), 3, State.Digest!.Value));
        }
        Assert.Throws<InvalidDataException>(() => StrategyState.Read(new MemoryStream([.. Blob, 0]), 3, State.Digest!.Value));
        Assert.Throws<InvalidDataException>(() => StrategyState.Read(new MemoryStream(Blob), 4, State.Digest!.Value));
        Assert.Throws<ArgumentOutOfRangeException>(() => StrategyState.Read(new MemoryStream(Blob), 0, State.Digest!.Value));
    }

    [Fact]
    public void is_refused_when_a_value_is_not_finite_even_under_its_own_digest()
    {
        var blob = (byte[])Blob.Clone();
        BinaryPrimitives.WriteDoubleLittleEndian(blob.AsSpan(60), double.NaN);
        Assert.Throws<InvalidDataException>(() => StrategyState.Read(new MemoryStream(blob), 3, Digest.Of(blob)));
        Assert.Throws<ArgumentException>(() => new StrategyState("fedavg", [double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => new StrategyState("Fed Avg", [1]));
        Assert.Throws<ArgumentException>(() => new StrategyState("fedavg", []));
    }

    [Fact]
    public void before_the_first_step_has_no_blob()
    {
        Assert.True(StrategyState.None.IsNone);
        Assert.Null(StrategyState.None.Digest);
        Assert.Throws<InvalidOperationException>(() => StrategyState.None.Write(Stream.Null));
    }
}
