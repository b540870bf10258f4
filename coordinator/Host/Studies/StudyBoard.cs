using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Coordinator.Studies;

/// <summary>All studies as a fold over the ledger, for those who ask and watch; it decides nothing. Thread-safe: readers take an immutable picture.</summary>
internal sealed class StudyBoard
{
    private readonly Lock _folding = new();
    private volatile Picture _picture = new(0, ImmutableSortedDictionary<StudyId, StudyEntry>.Empty, NewSignal());

    /// <summary>The studies as of so many leaves.</summary>
    public (long Size, ImmutableSortedDictionary<StudyId, StudyEntry> Studies) Now => (_picture.Size, _picture.Studies);

    /// <summary>Takes over leaves in the ledger's order; leaves that it knows already are skipped.</summary>
    public void Fold(ImmutableArray<RecordedEvent> leaves)
    {
        TaskCompletionSource before;
        lock (_folding)
        {
            var picture = _picture;
            var studies = picture.Studies;
            var size = picture.Size;
            foreach (var leaf in leaves)
            {
                if (leaf.Index < size) continue;
                if (leaf.Index > size) throw new InvalidOperationException($"Leaf {leaf.Index} came where leaf {size} was due.");
                if (StudyOf(leaf.Event) is { } study)
                    studies = studies.SetItem(study, After(studies.GetValueOrDefault(study, StudyEntry.Unknown), leaf));
                size++;
            }
            before = picture.Grown;
            _picture = new Picture(size, studies, NewSignal());
        }
        before.TrySetResult();
    }

    /// <summary>Ends when the board holds more than <paramref name="size"/> leaves.</summary>
    public async Task WaitBeyond(long size, CancellationToken cancellationToken)
    {
        while (true)
        {
            var picture = _picture;
            if (picture.Size > size) return;
            await picture.Grown.Task.WaitAsync(cancellationToken);
        }
    }

    private static StudyEntry After(StudyEntry entry, RecordedEvent leaf) => new(Study.Apply(entry.State, leaf.Event, leaf.At), leaf.Index);

    private static StudyId? StudyOf(LedgerEvent happened) => happened switch
    {
        StudyEvent e => e.Study,
        RoundEvent e => e.Study,
        _            => null,
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Picture(long Size, ImmutableSortedDictionary<StudyId, StudyEntry> Studies, TaskCompletionSource Grown);
}
