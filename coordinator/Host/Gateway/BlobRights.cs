using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using Microsoft.AspNetCore.Mvc;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Who may send and fetch which bytes; each answer is null for yes, and otherwise the problem to tell.</summary>
internal sealed class BlobRights(Door door, StudyBoard board)
{
    /// <summary>Largest blob of an operator, in bytes: initial weights.</summary>
    public const long LargestWeights = 4L << 30;

    private static readonly object CallerKey = new();

    /// <summary>The site that a checked request is from; null for an operator.</summary>
    public static SiteId? SiteOf(HttpContext context) => context.Items[CallerKey] is Caller.OfSite caller ? caller.Site : null;

    /// <summary>A site reads the versions of studies that ask it; operators and auditors read all versions and what they were made from, short of single updates.</summary>
    public ProblemDetails? MayRead(HttpContext context, Digest blob) => Enter(context, Access.Reader, out var caller) ?? (caller switch
    {
        Caller.OfSite site when !Studies.Any(s => s.Asks(site.Site) && s.Publishes(blob)) => NotYours(),
        Caller.OfOperator when !Studies.Any(s => s.Publishes(blob) || s.Explains(blob)) => NotYours(),
        _ => null,
    });

    /// <summary>Whoever may read a blob, or may send one just now, may ask whether it is there.</summary>
    public ProblemDetails? MayAsk(HttpContext context, Digest blob)
    {
        if (Enter(context, Access.Reader, out var caller) is { } no) return no;
        return caller is Caller.OfSite { Site: var site } && Studies.Any(s => s.UpdateLengthOf(site) is not null) ? null
            : caller is Caller.OfOperator { Admitted.Role: OperatorRole.Admin or OperatorRole.Operator } ? null
            : MayRead(context, blob);
    }

    /// <summary>A site sends updates of open rounds it has consented to, of exactly their length; operators send initial weights.</summary>
    public ProblemDetails? MayWrite(HttpContext context, long total)
    {
        if (Enter(context, Access.Operator, out var caller) is { } no) return no;
        if (caller is not Caller.OfSite { Site: var site })
            return total <= LargestWeights ? null : TooLarge($"Initial weights have at most {LargestWeights} bytes, not {total}.");

        var wanted = Studies.Select(s => s.UpdateLengthOf(site)).Where(length => length is not null).ToHashSet();
        if (wanted.Count == 0) return WhyNot(site).ToProblem();
        return wanted.Contains(total) ? null : TooLarge($"The open round takes updates of {string.Join(" or ", wanted)} bytes, not {total}.");
    }

    private IEnumerable<StudyEntry> Studies => board.Now.Studies.Values;

    private Refusal WhyNot(SiteId site) =>
        !Studies.Any(s => s.State.Round?.Invites(site) is true) ? Refusal.NotInCohort
        : Studies.Any(s => s.State.Round is Domain.Rounds.RoundState.Collecting open && open.Invites(site)) ? Refusal.ConsentMissing
        : Refusal.TooLate;

    private ProblemDetails? Enter(HttpContext context, Access ofOperators, out Caller? caller)
    {
        var entry = door.Enter(context.Connection.ClientCertificate, ofOperators, sitesToo: true);
        caller = (entry as Entry.Admitted)?.Caller;
        context.Items[CallerKey] = caller;
        return entry is Entry.Turned turned ? Problems.Of(turned.Status, "turned-away", turned.Sentence) : null;
    }

    private static ProblemDetails TooLarge(string sentence) => Problems.Of(StatusCodes.Status413PayloadTooLarge, "wrong-length", sentence);

    private static ProblemDetails NotYours() =>
        Problems.Of(StatusCodes.Status404NotFound, "blob-not-yours", "No version that you may read has this blob. Ask for the study's leaves and use a digest they name.");
}
