using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Storage.Tables;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>Table <c>rounds</c>.</summary>
internal sealed class RoundProjection : IProjection
{
    public async ValueTask Apply(LedgerDbContext database, RecordedEvent recorded)
    {
        if (recorded.Event is RoundOpened opened) database.Rounds.Add(Begin(opened, recorded.At));
        else if (RoundOf(recorded.Event) is { } id)
            Continue(Projections.Known(await database.Rounds.FindAsync(id.Study.Value, id.Number), recorded), recorded);
    }

    private static RoundRow Begin(RoundOpened e, DateTimeOffset at) => new()
    {
        Study = e.Study.Value, Number = e.Round, Kind = e.Kind, Attempt = e.Attempt, BaseVersion = e.BaseVersion,
        OpenedAt = at, Deadline = e.Deadline, Invited = e.Cohort.Length, Phase = RoundPhase.Collecting,
    };

    private static RoundId? RoundOf(LedgerEvent happened) => happened switch
    {
        RoundEvent e        => new RoundId(e.Study, e.Round),
        RoundClosed e       => new RoundId(e.Study, e.Round),
        RoundFailed e       => new RoundId(e.Study, e.Round),
        AggregateRevealed e => new RoundId(e.Study, e.Round),
        _                   => null,
    };

    private static void Continue(RoundRow round, RecordedEvent recorded)
    {
        switch (recorded.Event)
        {
            case SiteConsented: round.Consented++; break;
            case SiteDeclined: round.Declined++; break;
            case UpdateAccepted: round.Updates++; break;
            case UpdateLate: round.Late++; break;
            case RoundClosed e: (round.Phase, round.ClosedAt, round.Used) = (RoundPhase.Closed, recorded.At, e.Used.Length); break;
            case AggregateRevealed e: (round.Phase, round.Aggregate) = (RoundPhase.Revealed, e.Aggregate); break;
            case RoundFailed e:
                (round.Phase, round.ClosedAt, round.Failure, round.Used) = (RoundPhase.Failed, round.ClosedAt ?? recorded.At, e.Why, 0);
                break;
        }
    }
}
