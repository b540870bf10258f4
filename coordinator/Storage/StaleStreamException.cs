namespace DeepSeek.Federated.Storage;

/// <summary>The decision was made on a state that is not the newest: nothing was written. Read the stream again and decide anew.</summary>
public sealed class StaleStreamException(string stream, long expected, long next)
    : Exception($"The stream '{stream}' goes on at {next}, not at {expected}: the state behind the decision is stale. Read the stream and decide again.");
