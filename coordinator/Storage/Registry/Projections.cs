using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>All projections: a new one is added here and nowhere else.</summary>
internal static class Projections
{
    public static ImmutableArray<IProjection> All { get; } =
        [new SiteProjection(), new CertificateProjection(), new StudyProjection(), new RoundProjection(), new VersionProjection()];

    /// <summary>The row a fact speaks of.</summary>
    public static T Known<T>(T? row, RecordedEvent recorded) where T : class =>
        row ?? throw new InvalidOperationException(
            $"Leaf {recorded.Index} ({recorded.Event.GetType().Name} in '{recorded.Event.Stream}') speaks of something that was never begun.");
}
