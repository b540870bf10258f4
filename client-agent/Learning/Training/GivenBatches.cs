using System.Collections.Immutable;

namespace DeepSeek.Federated.Learning.Training;

/// <summary>Batches as they were recorded, one after another.</summary>
/// <param name="batches">Indices of training rows, batch by batch.</param>
public sealed class GivenBatches(ImmutableArray<ImmutableArray<int>> batches) : IBatchSequence
{
    /// <inheritdoc/>
    public SamplerState State { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">All were taken.</exception>
    public ReadOnlySpan<int> Next()
    {
        if (State.Position >= batches.Length) throw new InvalidOperationException($"Only {batches.Length} batches were given.");
        var next = batches[State.Position];
        State = State with { Position = State.Position + 1 };
        return next.AsSpan();
    }
}
