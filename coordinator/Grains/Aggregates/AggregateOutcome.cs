using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Grains.Aggregates;

/// <summary>What came of adding a round's updates.</summary>
public abstract record AggregateOutcome
{
    private AggregateOutcome() { }

    /// <summary>The sum is open and stored.</summary>
    public sealed record Opened(Digest Aggregate, ImmutableArray<NamedCount> Counts) : AggregateOutcome;

    /// <summary>The updates give no lawful sum, today or ever: the round fails. The reason is for the operator's log.</summary>
    public sealed record Unusable(string Reason) : AggregateOutcome;
}

/// <summary>What came of making a version.</summary>
public abstract record VersionOutcome
{
    private VersionOutcome() { }

    /// <summary>Its blobs are stored; it may be published.</summary>
    public sealed record Made(StudyEvent.VersionPublished Version) : VersionOutcome;

    /// <summary>There is none, today or ever. The reason is for the operator.</summary>
    public sealed record Impossible(string Reason) : VersionOutcome;
}
