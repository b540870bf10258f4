using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Studies;

/// <summary>Brings the board up to the ledger at start, and then every commit in order.</summary>
internal sealed class StudyBoardFeed(Ledger ledger, LedgerReader reader, StudyBoard board) : IHostedService, IDisposable
{
    private const int Batch = 1000;
    private readonly Lock _order = new();
    private List<RecordedEvent>? _held = [];
    private IDisposable? _subscription;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = ledger.Subscribe(OnCommit); // before reading: a commit in between comes by both ways and is taken once
        var batch = ImmutableArray.CreateBuilder<RecordedEvent>();
        await foreach (var leaf in reader.ReadAll(0, cancellationToken))
        {
            batch.Add(leaf);
            if (batch.Count == Batch) board.Fold(batch.DrainToImmutable());
        }
        board.Fold(batch.DrainToImmutable());
        lock (_order)
        {
            board.Fold([.. _held!]);
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
            else board.Fold(committed);
        }
    }
}
