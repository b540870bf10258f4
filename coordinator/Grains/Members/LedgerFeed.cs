using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Grains.Telemetry;
using DeepSeek.Federated.Storage;
using Microsoft.Extensions.Hosting;

namespace DeepSeek.Federated.Grains.Members;

/// <summary>Feeds what is held in memory: the ledger as it stands at start, then every commit. Nothing comes twice, nothing out of order.</summary>
internal sealed class LedgerFeed(Ledger ledger, LedgerReader reader, Membership membership, StudyRegister studies, FederationMetrics metrics)
    : IHostedService, IDisposable
{
    private readonly Lock _order = new();
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);
    private List<RecordedEvent>? _held = [];
    private IDisposable? _subscription;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = ledger.Subscribe(OnCommit);   // first subscribe, then read: a commit in between comes by both ways and is taken once
        var standing = new List<RecordedEvent>();
        await foreach (var leaf in reader.ReadStream(Streams.Federation, 0, cancellationToken)) standing.Add(leaf);
        await foreach (var leaf in reader.ReadStreamsWithPrefix("site/", cancellationToken)) standing.Add(leaf);
        await foreach (var leaf in reader.ReadStreamsWithPrefix("study/", cancellationToken)) standing.Add(leaf);
        lock (_order)
        {
            foreach (var leaf in standing.OrderBy(e => e.Index)) Take(leaf);
            foreach (var leaf in _held!) Take(leaf);
            _held = null;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _subscription?.Dispose();

    private void OnCommit(ImmutableArray<RecordedEvent> committed)
    {
        lock (_order)
        {
            if (_held is not null) _held.AddRange(committed);
            else foreach (var leaf in committed) Take(leaf);
        }
        foreach (var leaf in committed) metrics.Record(leaf);
    }

    private void Take(RecordedEvent leaf)
    {
        if (leaf.Event is RoundEvent) return;
        if (leaf.Sequence != _next.GetValueOrDefault(leaf.Event.Stream)) return;   // came by the other way already
        _next[leaf.Event.Stream] = leaf.Sequence + 1;
        membership.Apply(leaf.Event, leaf.At);
        studies.Apply(leaf.Event);
    }
}
