using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Domain.Events;

/// <summary>Facts about one study: its manifest, its approvals, its rounds' beginnings and ends, its versions.</summary>
public abstract record StudyEvent : LedgerEvent
{
    private StudyEvent() { }

    /// <summary>The study.</summary>
    public abstract StudyId Study { get; init; }

    /// <inheritdoc/>
    public override string Stream => Streams.Study(Study);

    /// <summary>A study was submitted. <paramref name="Manifest"/> is the canonical document itself, so that the ledger explains itself.</summary>
    public sealed record StudySubmitted(StudyId Study, string Manifest, Digest ManifestDigest, ImmutableArray<SiteId> Asked) : StudyEvent;

    /// <summary>A site's steward (or its policy, where that says automatic) agrees to the manifest.</summary>
    public sealed record StudyApproved(StudyId Study, SiteId Site, Digest Manifest, Digest Policy, string Signature) : StudyEvent, ISiteStatement;

    /// <summary>A site says no, or takes its approval back.</summary>
    public sealed record StudyDeclined(StudyId Study, SiteId Site, Digest Manifest, RefusalReason Reason, string Signature) : StudyEvent, ISiteStatement;

    /// <summary>A round begins.</summary>
    /// <param name="Study">The study.</param>
    /// <param name="Round">Number of the round, from 1.</param>
    /// <param name="Attempt">Which try at the round's protection, from 1.</param>
    /// <param name="Kind">Whether sites train or only evaluate.</param>
    /// <param name="BaseVersion">Id of the version that sites begin from.</param>
    /// <param name="BaseContent">Content digest of that version.</param>
    /// <param name="Cohort">The sites invited, with the identities the coordinator knows them by; sorted by name.</param>
    /// <param name="Protection">How updates are protected.</param>
    /// <param name="ValueBits">Bits of one value.</param>
    /// <param name="Range">Values reach ±Range.</param>
    /// <param name="WeightCap">Rows from which on a site weighs 1.</param>
    /// <param name="Minimum">Fewest participants.</param>
    /// <param name="Deadline">When the round closes at the latest.</param>
    /// <param name="Manifest">Digest of the manifest in force.</param>
    public sealed record RoundOpened(
        StudyId Study, int Round, int Attempt, RoundKind Kind, Digest BaseVersion, Digest BaseContent, ImmutableArray<CohortMember> Cohort,
        Protection Protection, int ValueBits, double Range, int WeightCap, int Minimum, DateTimeOffset Deadline, Digest Manifest) : StudyEvent;

    /// <summary>The participant set is fixed: the sum will be over <paramref name="Used"/> and nobody else.</summary>
    public sealed record RoundClosed(
        StudyId Study, int Round, ImmutableArray<SiteId> Invited, ImmutableArray<SiteId> Used, ImmutableArray<SiteId> Refused,
        ImmutableArray<SiteId> Dropped) : StudyEvent;

    /// <summary>The round gives nothing, and says why.</summary>
    public sealed record RoundFailed(
        StudyId Study, int Round, RoundFailure Why, ImmutableArray<SiteId> Invited, ImmutableArray<SiteId> Refused,
        ImmutableArray<SiteId> Dropped) : StudyEvent;

    /// <summary>The sum over the participants was opened.</summary>
    /// <param name="Study">The study.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Aggregate">Blob digest of the opened sum.</param>
    /// <param name="Counts">The named integers that were summed beside the values, sorted by name.</param>
    public sealed record AggregateRevealed(StudyId Study, int Round, Digest Aggregate, ImmutableArray<NamedCount> Counts) : StudyEvent;

    /// <summary>A new point of the model line.</summary>
    /// <param name="Study">The study.</param>
    /// <param name="Round">The round that made it; 0 for the initial version.</param>
    /// <param name="Version">Id: content, parent and round.</param>
    /// <param name="Content">Digest of model spec and integers.</param>
    /// <param name="Parent">Version it continues; absent for the initial one.</param>
    /// <param name="Snapshot">Blob of all integers.</param>
    /// <param name="SnapshotBytes">Its length.</param>
    /// <param name="Delta">Blob of the integer differences from the parent.</param>
    /// <param name="DeltaBytes">Its length; 0 when there is none.</param>
    /// <param name="StrategyState">Blob of the strategy's state after this version.</param>
    public sealed record VersionPublished(
        StudyId Study, int Round, Digest Version, Digest Content, Digest? Parent, Digest Snapshot, long SnapshotBytes, Digest? Delta,
        long DeltaBytes, Digest StrategyState) : StudyEvent;

    /// <summary>All rounds are done.</summary>
    public sealed record StudyCompleted(StudyId Study, Digest Version) : StudyEvent;

    /// <summary>The study ends before its time.</summary>
    public sealed record StudyStopped(StudyId Study, StopReason Why) : StudyEvent;
}

/// <summary>An invited site and its identity key, as text.</summary>
public sealed record CohortMember(SiteId Site, string Identity);

/// <summary>A named non-negative integer of an aggregate.</summary>
public sealed record NamedCount(string Name, long Value);

/// <summary>Why a study ended before its time.</summary>
public enum StopReason
{
    /// <summary>An operator asked.</summary>
    Operator,
    /// <summary>More rounds in a row failed than the manifest allows.</summary>
    TooManyFailedRounds,
}
