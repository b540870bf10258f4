using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>What may be asked of a study.</summary>
public abstract record StudyCommand
{
    private StudyCommand() { }

    /// <summary>Begin the study with its initial version, which the shell has made and stored.</summary>
    /// <param name="Manifest">Checked.</param>
    /// <param name="Enrolled">The federation's members now.</param>
    /// <param name="Initial">Version 0.</param>
    public sealed record Submit(StudyManifest Manifest, ImmutableSortedSet<SiteId> Enrolled, VersionPublished Initial) : StudyCommand;

    /// <summary>A site agrees. Its signature was checked by the shell.</summary>
    public sealed record Approve(StudyApproved Statement) : StudyCommand;

    /// <summary>A site says no, or takes its approval back.</summary>
    public sealed record Decline(StudyDeclined Statement) : StudyCommand;

    /// <summary>Open whatever is due: the next round, the last evaluation, the end.</summary>
    /// <param name="Members">The sites that are members now, with their identity keys.</param>
    public sealed record Advance(ImmutableSortedDictionary<SiteId, string> Members) : StudyCommand;

    /// <summary>Publish the version that the newest round's aggregate gave.</summary>
    public sealed record Publish(VersionPublished Version) : StudyCommand;

    /// <summary>End the study.</summary>
    public sealed record Stop(StopReason Why) : StudyCommand;

    /// <summary>Something for a round.</summary>
    public sealed record ForRound(RoundCommand Command) : StudyCommand;
}
