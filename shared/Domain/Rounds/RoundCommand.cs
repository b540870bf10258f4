using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Rounds;

/// <summary>What may be asked of a round.</summary>
public abstract record RoundCommand(int Round)
{
    /// <summary>A site takes part. Its signature was checked by the shell.</summary>
    public sealed record Consent(SiteConsented Statement) : RoundCommand(Statement.Round);

    /// <summary>A site does not take part, or not any more.</summary>
    public sealed record Decline(SiteDeclined Statement) : RoundCommand(Statement.Round);

    /// <summary>A site's update lies whole in the blob store, has the digest and length stated, and its signature was checked.</summary>
    public sealed record Announce(UpdateAccepted Statement) : RoundCommand(Statement.Round);

    /// <summary>Fix the participant set, where deadline or answers allow it.</summary>
    /// <param name="Round">The round.</param>
    /// <param name="Admitted">The sites that are members now: a revoked one is not waited for and not used.</param>
    public sealed record Close(int Round, ImmutableSortedSet<SiteId> Admitted) : RoundCommand(Round);

    /// <summary>The sum over exactly the participants was opened.</summary>
    public sealed record Reveal(int Round, Digest Aggregate, ImmutableArray<NamedCount> Counts) : RoundCommand(Round);

    /// <summary>The round can give nothing.</summary>
    public sealed record Fail(int Round, RoundFailure Why) : RoundCommand(Round);
}
