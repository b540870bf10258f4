using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>Where a study stands, for people: everything in it is durable.</summary>
/// <param name="Study">The study.</param>
/// <param name="Title">For people.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Protection">How updates are protected.</param>
/// <param name="Strategy">Its name.</param>
/// <param name="RoundsPlanned">Training rounds.</param>
/// <param name="Manifest">Digest of the manifest in force.</param>
/// <param name="Answers">Every site asked, sorted.</param>
/// <param name="Rounds">From the first on.</param>
/// <param name="Versions">The model line, oldest first.</param>
/// <param name="LedgerSize">The state is that of this many leaves.</param>
/// <param name="WaitingFor">One sentence: what happens next and who is waited for, or what is wrong.</param>
[GenerateSerializer, Immutable]
public sealed record StudyView(
    StudyId Study, string Title, StudyPhase Phase, Protection Protection, string Strategy, int RoundsPlanned, Digest Manifest,
    ImmutableArray<AnswerView> Answers, ImmutableArray<RoundView> Rounds, ImmutableArray<StudyEvent.VersionPublished> Versions,
    long LedgerSize, string WaitingFor);

/// <summary>What one site said to the manifest.</summary>
/// <param name="Site">The site.</param>
/// <param name="Answered">Whether it said anything.</param>
/// <param name="Refused">Why it said no; null when it approved or said nothing.</param>
[GenerateSerializer, Immutable]
public sealed record AnswerView(SiteId Site, bool Answered, RefusalReason? Refused);

/// <summary>How far a round is.</summary>
public enum RoundOutcome
{
    /// <summary>Sites answer and send.</summary>
    Collecting,
    /// <summary>The participant set is fixed.</summary>
    Closed,
    /// <summary>The sum is open.</summary>
    Revealed,
    /// <summary>It gave nothing.</summary>
    Failed,
}

/// <summary>One round. Sites are sorted.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Kind">Training or evaluation.</param>
/// <param name="Outcome">How far it is.</param>
/// <param name="Why">Of a failure; otherwise null.</param>
/// <param name="Sites">Who did what.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="EndedAt">When it failed, was revealed or gave its version; null while it runs.</param>
/// <param name="Deadline">When it closes at the latest.</param>
/// <param name="Counts">The opened counts, sorted by name; empty before the reveal.</param>
/// <param name="Figures">Single sites' figures, disclosed on purpose.</param>
/// <param name="BaseVersion">Id of the version it began from.</param>
[GenerateSerializer, Immutable]
public sealed record RoundView(
    int Number, RoundKind Kind, RoundOutcome Outcome, RoundFailure? Why, RoundSites Sites, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt,
    DateTimeOffset Deadline, ImmutableArray<NamedCount> Counts, ImmutableArray<FigureView> Figures, Digest BaseVersion);

/// <summary>Who did what in a round.</summary>
/// <param name="Invited">The cohort.</param>
/// <param name="Consented">Said yes, whatever came after.</param>
/// <param name="Reported">Whose update was accepted.</param>
/// <param name="Used">Whose update is in the sum.</param>
/// <param name="Refused">Said no, and why.</param>
/// <param name="Dropped">Neither used nor declined, once the participants are fixed.</param>
/// <param name="Late">Whose update came too late.</param>
[GenerateSerializer, Immutable]
public sealed record RoundSites(
    ImmutableArray<SiteId> Invited, ImmutableArray<SiteId> Consented, ImmutableArray<SiteId> Reported, ImmutableArray<SiteId> Used,
    ImmutableArray<RefusalView> Refused, ImmutableArray<SiteId> Dropped, ImmutableArray<SiteId> Late);

/// <summary>A site's no to a round.</summary>
[GenerateSerializer, Immutable]
public sealed record RefusalView(SiteId Site, RefusalReason Reason);

/// <summary>A figure of one site.</summary>
[GenerateSerializer, Immutable]
public sealed record FigureView(SiteId Site, Figure Figure, double Value);
