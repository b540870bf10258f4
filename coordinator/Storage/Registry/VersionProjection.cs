using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Storage.Tables;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>Table <c>versions</c>.</summary>
internal sealed class VersionProjection : IProjection
{
    public ValueTask Apply(LedgerDbContext database, RecordedEvent recorded)
    {
        if (recorded.Event is VersionPublished e)
        {
            database.Versions.Add(new VersionRow
            {
                Version = e.Version, Study = e.Study.Value, Round = e.Round, Content = e.Content, Parent = e.Parent, Snapshot = e.Snapshot,
                SnapshotBytes = e.SnapshotBytes, Delta = e.Delta, DeltaBytes = e.DeltaBytes, PublishedAt = recorded.At,
            });
        }
        return ValueTask.CompletedTask;
    }
}
