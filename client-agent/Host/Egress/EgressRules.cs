using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>What the policy says to each thing that may leave, at the moment it would. A "no" may always leave; data and agreement need a policy in force.</summary>
/// <param name="policy">The site's rules.</param>
/// <param name="agreed">The manifest of a study that the steward has agreed to; null when to none.</param>
/// <param name="updates">What may leave.</param>
/// <param name="clock">The time.</param>
public sealed class EgressRules(PolicyFile policy, Func<StudyId, Digest?> agreed, SentUpdates updates, TimeProvider clock)
{
    private const int LargestRequest = 64 * 1024;

    /// <summary>Why it must not leave, or null.</summary>
    public string? Objection(Sendable what, int bytes, SiteId? self) => what switch
    {
        Sendable.BlobPiece piece => OfUpdate(piece.Update),
        Sendable.Statement s     => (s.Event as ISiteStatement)?.Site is not { } site || site != self
            ? "A statement must be this site's own."
            : OfStatement(s.Event),
        Sendable.Greeting or Sendable.Enrolment or Sendable.Renewal or Sendable.LeavesWanted or Sendable.AuthorityWanted or Sendable.BlobWanted
            => bytes <= LargestRequest ? null : $"A request of this kind has at most {LargestRequest} bytes, not {bytes}.",
        _ => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    private string? OfStatement(LedgerEvent statement) => statement switch
    {
        StudyDeclined or SiteDeclined => null,
        StudyApproved s               => OfStudy(s.Study, s.Manifest),
        SiteConsented s               => OfStudy(s.Study, agreed(s.Study)),
        UpdateAccepted s              => updates.Find(s.Blob) is { } update
            ? update.Statement.Equals(s) || SameFacts(update.Statement, s) ? OfUpdate(update) : "The announcement is not the one that belongs to the update."
            : $"Blob {s.Blob.Short} is not an update that this site made for an open round.",
        _ => $"A site does not state '{statement.GetType().Name}'.",
    };

    // Immutable arrays compare by reference; the figures are compared one by one.
    private static bool SameFacts(UpdateAccepted a, UpdateAccepted b) => a with { Figures = b.Figures } == b && a.Figures.SequenceEqual(b.Figures);

    private string? OfStudy(StudyId study, Digest? manifest) => policy.Read() switch
    {
        PolicyStanding.InForce p when clock.GetUtcNow() >= p.Policy.Expires => $"The policy expired at {p.Policy.Expires:u}; the steward must renew it.",
        PolicyStanding.InForce p when !p.Policy.Studies.ContainsKey(study)  => $"The policy does not name the study '{study}'.",
        PolicyStanding.InForce p                                            => OfSteward(p.Policy, study, manifest),
        var standing                                                        => standing.Sentence,
    };

    private string? OfSteward(SitePolicy policy, StudyId study, Digest? manifest) =>
        policy.Studies[study] == Approval.Automatic || manifest is not null && agreed(study) == manifest ? null : $"The steward has not agreed to the study '{study}' as it is.";

    private string? OfUpdate(SentUpdate update) => policy.Read() switch
    {
        PolicyStanding.InForce p => p.Policy.Consider(update.Manifest, clock.GetUtcNow()) switch
        {
            PolicyVerdict.Refused no => no.Sentence,
            _ when OfSteward(p.Policy, update.Study, update.Manifest.Digest) is { } no => no,
            _ when update.Bytes > p.Policy.MostBytesPerRound => $"The update has {update.Bytes} bytes; the policy allows {p.Policy.MostBytesPerRound}.",
            _ => update.Statement.Figures.FirstOrDefault(f => !p.Policy.Disclose.Contains(f.Figure)) is { } figure
                ? $"The policy does not disclose '{Domain.Reading.Words.Of(figure.Figure)}'."
                : null,
        },
        var standing => standing.Sentence,
    };
}
