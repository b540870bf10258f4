using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Grains.Telemetry;

/// <summary>The meters of a federation, read off the facts as they become durable. Tags come from closed sets and never name a participant.</summary>
public sealed class FederationMetrics
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "DeepSeek.Federated";

    /// <summary>Spans of the work that follows from a round.</summary>
    internal static readonly ActivitySource Activities = new(Name);

    private readonly Lock _writing = new();
    private readonly Dictionary<RoundId, DateTimeOffset> _opened = [];
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _dropouts, _bytes;

    /// <summary>Makes the instruments.</summary>
    public FederationMetrics(IMeterFactory meters, Ledger ledger)
    {
        var meter = meters.Create(Name);
        _duration = meter.CreateHistogram<double>("federated.round.duration", "s", "From a round's opening to its end.");
        _dropouts = meter.CreateCounter<long>("federated.round.dropouts", "{participant}", "Sites invited that neither took part nor declined.");
        _bytes = meter.CreateCounter<long>("federated.update.bytes", "By", "Bytes of accepted updates.");
        meter.CreateObservableGauge("federated.ledger.leaves", () => ledger.Head.Size, "{leaf}", "Durable leaves of the ledger.");
    }

    internal void Record(RecordedEvent leaf)
    {
        switch (leaf.Event)
        {
            case StudyEvent.RoundOpened e: Begin(new RoundId(e.Study, e.Round), leaf.At); break;
            case StudyEvent.RoundClosed e: _dropouts.Add(e.Dropped.Length); break;
            case StudyEvent.AggregateRevealed e: End(new RoundId(e.Study, e.Round), leaf.At, "revealed"); break;
            case StudyEvent.RoundFailed e: _dropouts.Add(e.Dropped.Length); End(new RoundId(e.Study, e.Round), leaf.At, "failed"); break;
            case RoundEvent.UpdateAccepted e: _bytes.Add(e.Bytes); break;
            default: break;   // no meter reads the other facts
        }
    }

    private void Begin(RoundId round, DateTimeOffset at)
    {
        lock (_writing) _opened[round] = at;
    }

    private void End(RoundId round, DateTimeOffset at, string outcome)
    {
        lock (_writing)
        {
            if (!_opened.Remove(round, out var opened)) return;   // it was opened before this process began
            _duration.Record((at - opened).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
