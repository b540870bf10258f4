using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What a site says to a study as a whole: policy, then the steward's word, and only then whether the data fit: nothing is told of data before.</summary>
public static class StudyCounsel
{
    public static async Task<StudyAnswer> Answer(Site site, StudyManifest manifest, StewardDecision? steward, CancellationToken cancellationToken)
    {
        var verdict = site.Policy.Read().Consider(manifest, site.Clock.GetUtcNow());
        if (verdict is PolicyVerdict.Refused no) return new StudyAnswer.Decline(no.Reason, no.Sentence);
        var word = steward?.Manifest == manifest.Digest ? steward : null;
        if (word is { Approved: false }) return new StudyAnswer.Decline(RefusalReason.StewardRefused, "The steward of this site said no.");
        if (verdict is PolicyVerdict.Allowed { Approval: Approval.Steward } && word is null) return new StudyAnswer.AskSteward();
        if (Unreadable(manifest) is { } fault) return new StudyAnswer.Decline(RefusalReason.ManifestUnacceptable, fault);
        return await site.Data.Read(manifest, cancellationToken) switch
        {
            DataStanding.Missing         => new StudyAnswer.Decline(RefusalReason.DataMissing, "This site has no data for the dataset that the study asks for."),
            DataStanding.Unfit unfit     => Declined(unfit),
            DataStanding.Ready           => new StudyAnswer.Approve(),
            _                            => throw new InvalidOperationException("unreachable: the family is closed"),
        };
    }

    /// <summary>The reason and the sentence for data that do not fit, as others may read it.</summary>
    public static StudyAnswer.Decline Declined(DataStanding.Unfit unfit) =>
        new(unfit.OnlyTooFewRows ? RefusalReason.TooFewRows : RefusalReason.DataUnfit, string.Join(" ", unfit.Faults.Take(5).Select(f => f.ToOthers)));

    private static string? Unreadable(StudyManifest manifest)
    {
        if (manifest.Protection != Protection.Clear) return "This version of the agent protects updates with 'clear' only.";
        try
        {
            var layout = TensorLayout.Of(manifest.Model);
            _ = layout.SingleArrayLength;
            return layout.TotalLength <= TensorLayout.LargestArray ? null : $"The model has {layout.TotalLength:N0} values; this version holds at most {TensorLayout.LargestArray:N0}.";
        }
        catch (Exception broken) when (broken is ArgumentException or NotSupportedException)
        {
            return broken.Message;
        }
    }
}
