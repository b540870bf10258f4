using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Storage.Tables;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>Table <c>studies</c>.</summary>
internal sealed class StudyProjection : IProjection
{
    public async ValueTask Apply(LedgerDbContext database, RecordedEvent recorded)
    {
        if (recorded.Event is StudySubmitted s)
        {
            database.Studies.Add(new StudyRow
            {
                Name = s.Study.Value, Manifest = s.ManifestDigest, Phase = StudyPhase.Running, SubmittedAt = recorded.At,
            });
            return;
        }
        if (recorded.Event is not (RoundOpened or VersionPublished or StudyCompleted or StudyStopped)) return;
        var study = Projections.Known(await database.Studies.FindAsync(((StudyEvent)recorded.Event).Study.Value), recorded);
        switch (recorded.Event)
        {
            case RoundOpened e: study.Round = e.Round; break;
            case VersionPublished e: study.Version = e.Version; break;
            case StudyCompleted: (study.Phase, study.EndedAt) = (StudyPhase.Completed, recorded.At); break;
            case StudyStopped: (study.Phase, study.EndedAt) = (StudyPhase.Stopped, recorded.At); break;
        }
    }
}
