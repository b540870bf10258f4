using System.Collections.Immutable;

namespace DeepSeek.Federated.Domain.Events;

/// <summary>What a law says to a command.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>Lawful: these facts follow, in this order, all or none.</summary>
    public sealed record Accepted(ImmutableArray<LedgerEvent> Events) : Decision
    {
        /// <summary>One fact.</summary>
        public Accepted(LedgerEvent happened) : this([happened]) { }
    }

    /// <summary>Already so: the same command was accepted before; the first answer stands.</summary>
    public sealed record Unchanged : Decision;

    /// <summary>Not lawful, and why.</summary>
    public sealed record Refused(Refusal Why) : Decision;

    /// <summary>A refusal is a decision.</summary>
    public static implicit operator Decision(Refusal why) => new Refused(why);

    /// <summary>A fact is a decision.</summary>
    public static implicit operator Decision(LedgerEvent happened) => new Accepted(happened);
}

/// <summary>Why a command is not lawful.</summary>
public enum Refusal
{
    /// <summary>The site was not invited to the round.</summary>
    NotInCohort,
    /// <summary>The site has not consented to the round.</summary>
    ConsentMissing,
    /// <summary>The site declined the round.</summary>
    AlreadyDeclined,
    /// <summary>Another update of this site was accepted for the round.</summary>
    AnotherUpdateAccepted,
    /// <summary>The participant set is fixed; the update is not counted.</summary>
    TooLate,
    /// <summary>There is no such round, or it is not open any more.</summary>
    RoundNotOpen,
    /// <summary>The update was made for another attempt.</summary>
    WrongAttempt,
    /// <summary>The update began from another version.</summary>
    WrongBaseVersion,
    /// <summary>The round's deadline has not come and not all sites have answered.</summary>
    RoundStillOpen,
    /// <summary>The command does not belong into this state.</summary>
    NotInThisState,
    /// <summary>A study of that name exists with another manifest.</summary>
    StudyExists,
    /// <summary>There is no such study.</summary>
    StudyUnknown,
    /// <summary>The study is completed or stopped.</summary>
    StudyEnded,
    /// <summary>The study does not ask this site.</summary>
    SiteNotAsked,
    /// <summary>The answer names another manifest than the one in force.</summary>
    ManifestMismatch,
    /// <summary>The study asks for more sites than the federation has.</summary>
    TooFewSites,
    /// <summary>The study names a site that is not enrolled.</summary>
    SiteUnknown,
    /// <summary>The site is revoked.</summary>
    SiteIsRevoked,
    /// <summary>The site is enrolled; revoke it before inviting it anew.</summary>
    SiteIsEnrolled,
    /// <summary>No such token was issued, or a newer one replaced it.</summary>
    TokenUnknown,
    /// <summary>The token's time is over.</summary>
    TokenExpired,
    /// <summary>The token was consumed by another request.</summary>
    TokenUsed,
    /// <summary>The identity key belongs to another site already.</summary>
    IdentityTaken,
    /// <summary>An operator of that name is admitted already.</summary>
    OperatorExists,
    /// <summary>There is no such operator, or the last admin would go.</summary>
    OperatorNeeded,
    /// <summary>Another site of the round sent these very bytes.</summary>
    UpdateOfAnotherSite,
    /// <summary>The site has changed its mind about the study more often than the law records.</summary>
    TooManyAnswers,
}
