using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>How far a study is.</summary>
public enum StudyPhase
{
    /// <summary>No such study.</summary>
    Unknown,
    /// <summary>Rounds are run, or will be once enough sites agree.</summary>
    Running,
    /// <summary>All rounds are done.</summary>
    Completed,
    /// <summary>Ended before its time.</summary>
    Stopped,
}

/// <summary>What the law of studies remembers.</summary>
public sealed record StudyState
{
    /// <summary>Before anything happened.</summary>
    public static StudyState Unknown { get; } = new();

    /// <summary>How far the study is.</summary>
    public StudyPhase Phase { get; init; }

    /// <summary>The manifest in force; absent only when <see cref="Phase"/> is <see cref="StudyPhase.Unknown"/>.</summary>
    public StudyManifest? Manifest { get; init; }

    /// <summary>The sites asked, sorted.</summary>
    public ImmutableArray<SiteId> Asked { get; init; } = [];

    /// <summary>When the study was submitted.</summary>
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>What each site said last: null is approval, otherwise the reason of its no.</summary>
    public ImmutableSortedDictionary<SiteId, RefusalReason?> Answers { get; init; } = ImmutableSortedDictionary<SiteId, RefusalReason?>.Empty;

    /// <summary>How many answers of each site are recorded.</summary>
    public ImmutableSortedDictionary<SiteId, int> TimesAnswered { get; init; } = ImmutableSortedDictionary<SiteId, int>.Empty;

    /// <summary>The model line, oldest first.</summary>
    public ImmutableList<VersionPublished> Versions { get; init; } = [];

    /// <summary>The newest round; absent before the first.</summary>
    public RoundState? Round { get; init; }

    /// <summary>Earlier rounds, by number.</summary>
    public ImmutableSortedDictionary<int, RoundState> Past { get; init; } = ImmutableSortedDictionary<int, RoundState>.Empty;

    /// <summary>Rounds in a row that failed, up to now.</summary>
    public int FailedInARow { get; init; }

    /// <summary>Whether the evaluation that ends the study was opened and revealed.</summary>
    public bool Evaluated { get; init; }

    /// <summary>Sites that have approved the manifest in force.</summary>
    public IEnumerable<SiteId> Approved => Answers.Where(a => a.Value is null).Select(a => a.Key);

    /// <summary>Training rounds that gave a version.</summary>
    public int TrainedRounds => Math.Max(0, Versions.Count - 1);

    /// <summary>A round by number, past or newest.</summary>
    public RoundState? RoundNumbered(int number) => Round?.Opened.Round == number ? Round : Past.GetValueOrDefault(number);
}
