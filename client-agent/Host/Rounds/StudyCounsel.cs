using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What a site says to a study as a whole: policy, then the steward's word, then whether the data fit.</summary>
public static class StudyCounsel
{
    public static async Task<StudyAnswer> Answer(Site site, StudyManifest manifest, StewardDecision? steward, CancellationToken cancellationToken)
    {
        var verdict = site.Policy.Read().Consider(manifest, site.Clock.GetUtcNow());
        if (verdict is PolicyVerdict.Refused no) return new StudyAnswer.Decline(no.Reason, no.Sentence);
        var word = steward?.Manifest == manifest.Digest ? steward : null;
        if (word is { Approved: false }) return new StudyAnswer.Decline(RefusalReason.StewardRefused, "The steward of this site said no.");
        if (Unreadable(manifest) is { } fault) return new StudyAnswer.Decline(RefusalReason.ManifestUnacceptable, fault);
        return await site.Data.Read(manifest, cancellationToken) switch
        {
            DataStanding.Missing         => new StudyAnswer.Decline(RefusalReason.DataMissing, "This site has no data for the dataset that the study asks for."),
            DataStanding.Unfit unfit     => Declined(unfit),
            DataStanding.Ready           => verdict is PolicyVerdict.Allowed { Approval: Approval.Automatic } || word is { Approved: true } ? new StudyAnswer.Approve() : new StudyAnswer.AskSteward(),
            _                            => throw new InvalidOperationException("unreachable: the family is closed"),
        };
    }

    /// <summary>The reason and the sentence for data that do not fit.</summary>
    public static StudyAnswer.Decline Declined(DataStanding.Unfit unfit) =>
        new(unfit.OnlyTooFewRows ? RefusalReason.TooFewRows : RefusalReason.DataUnfit, string.Join(" ", unfit.Faults.Take(5).Select(f => f.Sentence)));

    private static string? Unreadable(StudyManifest manifest)
    {
        if (manifest.Protection != Protection.Clear) return "This version of the agent protects updates with 'clear' only.";
        try
        {
            _ = TensorLayout.Of(manifest.Model).SingleArrayLength;
            return null;
        }
        catch (Exception broken) when (broken is ArgumentException or NotSupportedException)
        {
            return broken.Message;
        }
    }
}
