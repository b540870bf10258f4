using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>Which studies there are, in the order they were submitted: a projection held in memory. Thread-safe; readers take no lock.</summary>
public sealed class StudyRegister
{
    private volatile ImmutableList<(StudyId Study, StudyPhase Phase)> _studies = [];

    /// <summary>Every study with its phase, the oldest first.</summary>
    public IReadOnlyList<(StudyId Study, StudyPhase Phase)> Studies => _studies;

    // Called in ledger order by one thread at a time (LedgerFeed).
    internal void Apply(LedgerEvent happened)
    {
        switch (happened)
        {
            case StudyEvent.StudySubmitted e: _studies = _studies.Add((e.Study, StudyPhase.Running)); break;
            case StudyEvent.StudyCompleted e: Set(e.Study, StudyPhase.Completed); break;
            case StudyEvent.StudyStopped e: Set(e.Study, StudyPhase.Stopped); break;
            default: break;   // the other facts change no phase
        }
    }

    private void Set(StudyId study, StudyPhase phase) =>
        _studies = _studies.SetItem(_studies.FindIndex(s => s.Study == study), (study, phase));
}
