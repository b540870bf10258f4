namespace DeepSeek.Federated.Learning.Training;

/// <summary>Where the sampler stands; goes on over rounds and is part of the site's state. <c>default</c> is the beginning.</summary>
/// <param name="Epoch">Passes over the rows that are complete.</param>
/// <param name="Position">Rows of this pass that were taken; for a given list of batches, batches that were taken.</param>
public readonly record struct SamplerState(long Epoch, int Position);
