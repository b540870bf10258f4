using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Protocol.V1;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Studies;

/// <summary>A study as operators see it on the wire.</summary>
internal static class StudyStatuses
{
    public static StudyStatus Of(StudyView view)
    {
        var status = new StudyStatus
        {
            Study = view.Study.Value, Title = view.Title, Phase = Words.Of(view.Phase), Protection = Words.Of(view.Protection), Strategy = view.Strategy,
            RoundsPlanned = view.RoundsPlanned, ManifestDigest = view.Manifest.ToString(), LedgerSize = view.LedgerSize, WaitingFor = view.WaitingFor,
        };
        status.Answers.AddRange(view.Answers.Select(a => new SiteAnswer
        {
            Site = a.Site.Value, Answer = a.Refused is { } reason ? Words.Of(reason) : a.Answered ? "approved" : "none",
        }));
        status.Rounds.AddRange(view.Rounds.Select(Of));
        status.Versions.AddRange(view.Versions.Select(Of));
        return status;
    }

    private static RoundStatus Of(RoundView round)
    {
        var status = new RoundStatus
        {
            Number = round.Number, Kind = Words.Of(round.Kind), Outcome = Words.Of(round.Outcome), Why = round.Why is { } why ? Words.Of(why) : "",
            OpenedUnixMs = round.OpenedAt.ToUnixTimeMilliseconds(), EndedUnixMs = round.EndedAt?.ToUnixTimeMilliseconds() ?? 0,
            DeadlineUnixMs = round.Deadline.ToUnixTimeMilliseconds(), BaseVersion = round.BaseVersion.ToString(),
        };
        status.Invited.AddRange(round.Sites.Invited.Select(s => s.Value));
        status.Consented.AddRange(round.Sites.Consented.Select(s => s.Value));
        status.Reported.AddRange(round.Sites.Reported.Select(s => s.Value));
        status.Used.AddRange(round.Sites.Used.Select(s => s.Value));
        status.Refused.AddRange(round.Sites.Refused.Select(r => new Refused { Site = r.Site.Value, Reason = Words.Of(r.Reason) }));
        status.Dropped.AddRange(round.Sites.Dropped.Select(s => s.Value));
        status.Late.AddRange(round.Sites.Late.Select(s => s.Value));
        foreach (var count in round.Counts) status.Counts.Add(count.Name, count.Value);
        status.Figures.AddRange(round.Figures.Select(f => new SiteFigure { Site = f.Site.Value, Figure = Words.Of(f.Figure), Value = f.Value.ToString("R") }));
        return status;
    }

    private static VersionStatus Of(VersionPublished version) => new()
    {
        Round = version.Round, Version = version.Version.ToString(), Content = version.Content.ToString(), Parent = version.Parent?.ToString() ?? "",
        Snapshot = version.Snapshot.ToString(), SnapshotBytes = version.SnapshotBytes, Delta = version.Delta?.ToString() ?? "", DeltaBytes = version.DeltaBytes,
    };
}
