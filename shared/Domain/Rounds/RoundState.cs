using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Rounds;

/// <summary>Where a round stands. Every state remembers how it was opened and what its sites answered.</summary>
/// <param name="Opened">The fact that began it.</param>
/// <param name="Answers">What each site said last; a site that said nothing is absent.</param>
public abstract record RoundState(RoundOpened Opened, ImmutableSortedDictionary<SiteId, SiteAnswer> Answers)
{
    /// <summary>Sites answer and send.</summary>
    public sealed record Collecting(RoundOpened Opened, ImmutableSortedDictionary<SiteId, SiteAnswer> Answers) : RoundState(Opened, Answers);

    /// <summary>The participant set is fixed; the sum is being made.</summary>
    public sealed record Closed(RoundOpened Opened, ImmutableSortedDictionary<SiteId, SiteAnswer> Answers, ImmutableArray<SiteId> Used)
        : RoundState(Opened, Answers);

    /// <summary>The sum is open.</summary>
    public sealed record Revealed(
        RoundOpened Opened, ImmutableSortedDictionary<SiteId, SiteAnswer> Answers, ImmutableArray<SiteId> Used, AggregateRevealed Aggregate)
        : RoundState(Opened, Answers);

    /// <summary>The round gave nothing.</summary>
    public sealed record Failed(RoundOpened Opened, ImmutableSortedDictionary<SiteId, SiteAnswer> Answers, RoundFailure Why)
        : RoundState(Opened, Answers);

    /// <summary>The round's id.</summary>
    public RoundId Id => new(Opened.Study, Opened.Round);

    /// <summary>The sites invited, sorted.</summary>
    public ImmutableArray<SiteId> Invited => [.. Opened.Cohort.Select(m => m.Site)];

    /// <summary>Accepted updates by site.</summary>
    public IEnumerable<UpdateAccepted> Updates => Answers.Values.OfType<SiteAnswer.Reported>().Select(a => a.Update);

    /// <summary>Whether a site was invited.</summary>
    public bool Invites(SiteId site) => Opened.Cohort.Any(m => m.Site == site);
}

/// <summary>What one site said to one round.</summary>
public abstract record SiteAnswer
{
    private SiteAnswer() { }

    /// <summary>It takes part.</summary>
    public sealed record Consented : SiteAnswer;

    /// <summary>It does not.</summary>
    public sealed record Declined(Policies.RefusalReason Reason) : SiteAnswer;

    /// <summary>Its update is in.</summary>
    public sealed record Reported(UpdateAccepted Update) : SiteAnswer;

    /// <summary>Its update came too late.</summary>
    public sealed record Late(Encoding.Digest Blob) : SiteAnswer;
}
