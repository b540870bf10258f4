using DeepSeek.Federated.Parameters.Randomness;

namespace DeepSeek.Federated.Learning.Training;

/// <summary>Shuffles the rows anew in every pass; the last batch of a pass may be smaller. The same seed and state give the same batches.</summary>
public sealed class SeededBatches : IBatchSequence
{
    private readonly ReadOnlyMemory<byte> _seed;
    private readonly int[] _order;
    private readonly int _batchSize;
    private long _shuffled = -1;

    /// <summary>Goes on from <paramref name="state"/>. A position beyond the rows, as when data were withdrawn, begins the next pass.</summary>
    /// <param name="seed">Secret of this site, study and dataset; at least 16 bytes. Read, never kept longer than this object.</param>
    /// <param name="rows">Training rows; at least 1.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="state">Where to go on.</param>
    public SeededBatches(ReadOnlyMemory<byte> seed, int rows, int batchSize, SamplerState state)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seed.Length, SeededStream.ShortestSeed);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(state.Epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(state.Position);
        (_seed, _order, _batchSize) = (seed, new int[rows], batchSize);
        State = state.Position < rows ? state : new(state.Epoch + 1, 0);
    }

    /// <inheritdoc/>
    public SamplerState State { get; private set; }

    /// <inheritdoc/>
    public ReadOnlySpan<int> Next()
    {
        if (_shuffled != State.Epoch) Shuffle();
        var (from, to) = (State.Position, (int)Math.Min(_order.Length, (long)State.Position + _batchSize));
        State = to < _order.Length ? State with { Position = to } : new(State.Epoch + 1, 0);
        return _order.AsSpan(from..to);
    }

    private void Shuffle()
    {
        // Each pass has a stream of its own, from the rows' own order: any pass can be repeated without those before it.
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        using var stream = new SeededStream(_seed.Span, $"sampler/{State.Epoch}");
        stream.Shuffle(_order);
        _shuffled = State.Epoch;
    }
}
