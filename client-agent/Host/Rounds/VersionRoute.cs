using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>How to come by a version: by deltas from the one that is held, or by its snapshot, whichever is smaller. Pure.</summary>
public abstract record VersionRoute
{
    private VersionRoute() { }

    /// <summary>It is held already.</summary>
    public sealed record Held : VersionRoute;

    /// <summary>By these deltas, in this order.</summary>
    public sealed record ByDeltas(ImmutableArray<VersionPublished> Steps) : VersionRoute;

    /// <summary>By its snapshot.</summary>
    public sealed record BySnapshot : VersionRoute;

    /// <param name="line">The study's versions, oldest first.</param>
    /// <param name="held">Id of the version held; null when none is.</param>
    /// <param name="wanted">One of the line.</param>
    public static VersionRoute Plan(ImmutableList<VersionPublished> line, Digest? held, VersionPublished wanted)
    {
        if (held == wanted.Version) return new Held();
        if (held is null) return new BySnapshot();
        var byId = line.ToDictionary(v => v.Version);
        var (steps, bytes) = (ImmutableArray.CreateBuilder<VersionPublished>(), 0L);
        for (var at = wanted; at.Version != held;)
        {
            if (at.DeltaBytes < 1 || at.DeltaBytes >= wanted.SnapshotBytes) return new BySnapshot();
            bytes += at.DeltaBytes;
            if (at.Delta is null || at.Parent is not { } parent || bytes >= wanted.SnapshotBytes || !byId.TryGetValue(parent, out var before)) return new BySnapshot();
            steps.Insert(0, at);
            at = before;
        }
        return new ByDeltas(steps.DrainToImmutable());
    }
}
