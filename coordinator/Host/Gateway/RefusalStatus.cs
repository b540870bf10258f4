using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Reading;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The one table from a lawful "no" to what a caller sees: a status that says whether to try again, and a sentence with the mend.</summary>
internal static class RefusalStatus
{
    // Never DeadlineExceeded, Unavailable or Aborted: they would invite a retry which cannot succeed.
    public static StatusCode ToStatusCode(this Refusal why) => why switch
    {
        Refusal.NotInCohort or Refusal.SiteNotAsked or Refusal.SiteIsRevoked => StatusCode.PermissionDenied,
        Refusal.TokenUnknown or Refusal.TokenExpired or Refusal.TokenUsed => StatusCode.Unauthenticated,
        Refusal.AnotherUpdateAccepted or Refusal.StudyExists or Refusal.SiteIsEnrolled or Refusal.IdentityTaken or Refusal.OperatorExists
            or Refusal.UpdateOfAnotherSite => StatusCode.AlreadyExists,
        Refusal.StudyUnknown or Refusal.SiteUnknown => StatusCode.NotFound,
        Refusal.ConsentMissing or Refusal.AlreadyDeclined or Refusal.TooLate or Refusal.RoundNotOpen or Refusal.WrongAttempt or Refusal.WrongBaseVersion
            or Refusal.RoundStillOpen or Refusal.NotInThisState or Refusal.StudyEnded or Refusal.ManifestMismatch or Refusal.TooFewSites
            or Refusal.OperatorNeeded or Refusal.TooManyAnswers => StatusCode.FailedPrecondition,
    };

    public static string Sentence(this Refusal why) => why switch
    {
        Refusal.NotInCohort           => "The site was not invited to this round: it approved the study too late or not at all. It is asked again in the next round.",
        Refusal.ConsentMissing        => "The site has not consented to this round: state the consent first.",
        Refusal.AlreadyDeclined       => "The site declined this round, and a refusal stands. It is asked again in the next round.",
        Refusal.AnotherUpdateAccepted => "Another update of this site was accepted for this round; the first one counts. Announce the same digest, or wait for the next round.",
        Refusal.TooLate               => "The round's participants are fixed. Wait for the next round.",
        Refusal.RoundNotOpen          => "There is no such round, or it is not open any more. Ask for the study's leaves to see where it stands.",
        Refusal.WrongAttempt          => "The update was made for another attempt of this round. Ask for the study's leaves and use the attempt they name.",
        Refusal.WrongBaseVersion      => "The update began from another version than the round's. Fetch the round's base version and train from it.",
        Refusal.RoundStillOpen        => "The round's deadline has not come and not all its sites have answered. Wait for either.",
        Refusal.NotInThisState        => "This does not belong into the present state. Ask for the state and try what it allows.",
        Refusal.StudyExists           => "A study of this name exists with another manifest, and a manifest never changes. Give the new study another name.",
        Refusal.StudyUnknown          => "There is no study of this name. `dsfed study status` lists those there are.",
        Refusal.StudyEnded            => "The study is completed or stopped. Submit a new study to go on.",
        Refusal.SiteNotAsked          => "The study does not ask this site. Name the site in a new manifest if it should take part.",
        Refusal.ManifestMismatch      => "The answer names another manifest than the one in force. Fetch the study's leaves and decide on that manifest.",
        Refusal.TooFewSites           => "The study asks for more sites than are enrolled. Enrol more sites, or lower cohort.minimum in the manifest.",
        Refusal.SiteUnknown           => "A site that was named is not enrolled. `dsfed site list` shows the names; invite the site first.",
        Refusal.SiteIsRevoked         => "The site was revoked. An operator can invite it anew with `dsfed invite`.",
        Refusal.SiteIsEnrolled        => "The site is enrolled already. Revoke it before you invite it anew.",
        Refusal.TokenUnknown          => "This token was never issued, or a newer one replaced it. Ask the operator for a new one (`dsfed invite`).",
        Refusal.TokenExpired          => "The token's time is over. Ask the operator for a new one (`dsfed invite`).",
        Refusal.TokenUsed             => "The token was used by another request. If that was not you, tell the operator: somebody else enrolled in your name. Ask for a new one.",
        Refusal.IdentityTaken         => "This identity key belongs to another site. Every site makes its own: enrol from a new, empty site folder.",
        Refusal.OperatorExists        => "An operator of that name is admitted already. Choose another name, or revoke it first.",
        Refusal.UpdateOfAnotherSite   => "Another site of this round announced these very bytes, and they count once. Train at this site and announce its own update.",
        Refusal.TooManyAnswers        => "The site has answered this study as often as is recorded; its last answer stands. It can still take an approval back, or decline single rounds.",
        Refusal.OperatorNeeded        => "There is no such operator, or the last admin would go. Admit another admin first.",
    };

    public static RpcException ToRpcException(this Refusal why) => new(new Status(why.ToStatusCode(), why.Sentence()));

    public static ProblemDetails ToProblem(this Refusal why) =>
        Problems.Of(why.ToStatusCode(), $"refusal:{Words.Of(why)}", why.Sentence());
}
