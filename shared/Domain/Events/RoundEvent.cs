using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Domain.Events;

/// <summary>What the sites of one round say and send.</summary>
public abstract record RoundEvent : LedgerEvent
{
    private RoundEvent() { }

    /// <summary>The study.</summary>
    public abstract StudyId Study { get; init; }

    /// <summary>The round's number.</summary>
    public abstract int Round { get; init; }

    /// <inheritdoc/>
    public override string Stream => Streams.Round(new RoundId(Study, Round));

    /// <summary>A site takes part under the policy named.</summary>
    public sealed record SiteConsented(StudyId Study, int Round, SiteId Site, Digest Policy, string Signature) : RoundEvent, ISiteStatement;

    /// <summary>A site does not take part. The reason is public; a sentence about it may stand in the leaf's private part.</summary>
    public sealed record SiteDeclined(StudyId Study, int Round, SiteId Site, RefusalReason Reason, string Signature) : RoundEvent, ISiteStatement;

    /// <summary>A site's update arrived whole and is counted, once.</summary>
    /// <param name="Study">The study.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt it was protected for.</param>
    /// <param name="Site">The sender.</param>
    /// <param name="BaseVersion">The version it began from.</param>
    /// <param name="Blob">SHA-256 of the protected bytes.</param>
    /// <param name="Bytes">Their number.</param>
    /// <param name="ChunkRoot">Merkle root over their chunks.</param>
    /// <param name="Figures">What the site discloses of itself, as its policy allows; sorted by figure.</param>
    /// <param name="Signature">The site's.</param>
    public sealed record UpdateAccepted(
        StudyId Study, int Round, int Attempt, SiteId Site, Digest BaseVersion, Digest Blob, long Bytes, Digest ChunkRoot,
        ImmutableArray<DisclosedFigure> Figures, string Signature) : RoundEvent, ISiteStatement;

    /// <summary>An update that came after the participant set was fixed: not counted, and said so.</summary>
    public sealed record UpdateLate(StudyId Study, int Round, SiteId Site, Digest Blob) : RoundEvent;
}

/// <summary>One figure of one site, disclosed on purpose.</summary>
public sealed record DisclosedFigure(Figure Figure, double Value);
