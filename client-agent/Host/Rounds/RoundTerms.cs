using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Signing.Rosters;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>Whether a round is what was agreed, and what the policy says to it. Pure.</summary>
public static class RoundTerms
{
    /// <summary>Why this site cannot take part, or null.</summary>
    /// <param name="state">The study.</param>
    /// <param name="opened">The round.</param>
    /// <param name="self">This site.</param>
    /// <param name="identity">Its own key.</param>
    /// <param name="roster">Whom it has agreed to federate with, itself included.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="trainRows">Its training rows.</param>
    /// <param name="sentBefore">Updates of other rounds that ever left for this study, by this site's own count.</param>
    /// <param name="now">The time.</param>
    public static PolicyVerdict.Refused? Objection(
        StudyState state, RoundOpened opened, SiteId self, PublicKey identity, Roster roster, SitePolicy policy, int trainRows, int sentBefore, DateTimeOffset now)
    {
        var manifest = state.Manifest!;
        if (Disagreement(manifest, opened, self, identity) is { } sentence) return new PolicyVerdict.Refused(RefusalReason.RoundNotAsAgreed, sentence);
        var inRoster = opened.Cohort.Count(m => PublicKey.TryParse(m.Identity, out var key) && roster.Contains(m.Site, key));
        var bytes = RoundLayout.RingOf(opened, manifest).BlobLength;
        return policy.ConsiderRound(manifest, inRoster, trainRows, bytes, Math.Max(sentBefore, RoundsBefore(state, self)), now) as PolicyVerdict.Refused;
    }

    private static string? Disagreement(StudyManifest manifest, RoundOpened opened, SiteId self, PublicKey identity) => opened switch
    {
        _ when opened.Manifest != manifest.Digest                       => "The round names another manifest than the one this site approved.",
        _ when opened.Protection != manifest.Protection                 => "The round's protection is not the manifest's.",
        _ when opened.Protection != Protection.Clear                    => "This version of the agent protects updates with 'clear' only.",
        _ when RoundLayout.PlanOf(opened) != manifest.Update            => "The round's encoding of updates is not the manifest's.",
        _ when opened.Minimum != manifest.Cohort.Minimum                => "The round's minimum of participants is not the manifest's.",
        _ when opened.Cohort.Length < opened.Minimum                    => "The round's cohort is smaller than its minimum.",
        _ when opened.Cohort.FirstOrDefault(m => m.Site == self)?.Identity != identity.ToString() => "The round names another identity for this site than its own.",
        _                                                               => null,
    };

    private static int RoundsBefore(StudyState state, SiteId self) =>
        state.Past.Values.Count(r => r.Answers.GetValueOrDefault(self) is SiteAnswer.Reported or SiteAnswer.Late);
}
