using DeepSeek.Federated.Domain.Encoding;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>The one thing that is to be done next for a study.</summary>
public abstract record SiteStep
{
    private SiteStep() { }

    /// <summary>Nothing, until the ledger or the steward says something new.</summary>
    public sealed record Rest : SiteStep;

    /// <summary>Tell what this site now says to the study.</summary>
    public sealed record Answer(StudyAnswer Says) : SiteStep;

    /// <summary>Ask policy, roster and data, and consent to the round or decline it.</summary>
    public sealed record Consider(RoundOpened Round) : SiteStep;

    /// <summary>Train from state k, or evaluate, and finish an update on disk.</summary>
    public sealed record Make(RoundOpened Round) : SiteStep;

    /// <summary>Upload the finished update and announce it.</summary>
    public sealed record Send(RoundOpened Round, StagedUpdate Update) : SiteStep;

    /// <summary>The site does not agree to the study any more: what it consented to in this round is taken back.</summary>
    public sealed record Withdraw(RoundOpened Round, StudyAnswer.Decline Why) : SiteStep;

    /// <summary>The finished bytes are gone: decline, for a second update of one attempt is never made.</summary>
    public sealed record GiveUp(RoundOpened Round) : SiteStep;

    /// <summary>The update counted and its version is published: state k+1 becomes state k.</summary>
    public sealed record Promote(StagedUpdate Update, Digest Version) : SiteStep;

    /// <summary>The update did not count, or has nothing to promote: state k stays.</summary>
    public sealed record Discard(StagedUpdate Update) : SiteStep;
}
