using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Coordinator.Studies;

/// <summary>One study as the ledger tells it: what the gateway asks before it lets bytes in or out. Immutable.</summary>
/// <param name="State">What the law remembers.</param>
/// <param name="LastIndex">The newest leaf of the study or of one of its rounds.</param>
internal sealed record StudyEntry(StudyState State, long LastIndex)
{
    public static StudyEntry Unknown { get; } = new(StudyState.Unknown, -1);

    public bool Asks(SiteId site) => State.Asked.Contains(site);

    /// <summary>Length of the update that a site may send just now; null when it may send none.</summary>
    public long? UpdateLengthOf(SiteId site) =>
        State.Round is RoundState.Collecting open && open.Answers.GetValueOrDefault(site) is SiteAnswer.Consented or SiteAnswer.Reported
            ? RoundLayout.RingOf(open.Opened, State.Manifest!).BlobLength
            : null;

    /// <summary>Whether a blob is part of a published version that sites read; SCAFFOLD's sites read the server's control variate too.</summary>
    public bool Publishes(Digest blob) => State.Versions.Any(v => v.Snapshot == blob || v.Delta == blob || v.StrategyState == blob && State.Manifest!.Strategy is Strategy.Scaffold);

    /// <summary>Whether a blob is what operators and auditors need besides to make every version again: the opened sums and the strategy's states.</summary>
    public bool Explains(Digest blob) =>
        State.Versions.Any(v => v.StrategyState == blob)
        || State.Past.Values.Append(State.Round).OfType<RoundState.Revealed>().Any(r => r.Aggregate.Aggregate == blob);

    /// <summary>Whether a blob is an update that the study still counts on.</summary>
    public bool CountsOn(Digest blob) => State.Round is { } round && round.Updates.Any(u => u.Blob == blob);
}
