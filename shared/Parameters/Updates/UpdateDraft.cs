using System.Collections.Immutable;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>What a site has to say after training, before it is made into integers.</summary>
public sealed record UpdateDraft
{
    /// <summary>Trained values minus base values; shape [SharedLength], in the model's own units.</summary>
    public required ReadOnlyMemory<float> Deltas { get; init; }

    /// <summary>n, rows that training read from; at least 1.</summary>
    public required int Rows { get; init; }

    /// <summary>What earlier rounds' rounding left over (error feedback); same shape, or empty for none.</summary>
    public ReadOnlyMemory<float> Residual { get; init; }

    /// <summary>Receives what this round's rounding leaves over; same shape, or empty for not wanted. May be the memory of <see cref="Residual"/>.</summary>
    public Memory<float> NextResidual { get; init; }

    /// <summary>The layout's counts, except weight and saturated, which the encoder fills.</summary>
    public ImmutableSortedDictionary<string, long> Counts { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
}
