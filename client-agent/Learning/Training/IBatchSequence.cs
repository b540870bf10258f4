namespace DeepSeek.Federated.Learning.Training;

/// <summary>Says which rows each step trains on: drawn from a seed, or given where another program's run is replayed.</summary>
public interface IBatchSequence
{
    /// <summary>Where the next batch begins.</summary>
    SamplerState State { get; }

    /// <summary>Indices of the next batch's training rows, at least one; valid until the next call.</summary>
    ReadOnlySpan<int> Next();
}
