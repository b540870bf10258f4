using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Domain.Policies;

/// <summary>How a study comes to be approved at a site whose policy allows it.</summary>
public enum Approval
{
    /// <summary>The steward says so, once for each manifest.</summary>
    Steward,
    /// <summary>The policy itself is the approval.</summary>
    Automatic,
}

/// <summary>A site's own rules. What it does not allow by name is forbidden. Only <see cref="PolicyReader"/> makes one from a document.</summary>
/// <param name="Expires">The first moment at which the policy allows nothing any more.</param>
/// <param name="Studies">The studies allowed, and how each is approved.</param>
/// <param name="Protections">Protections under which an update may leave.</param>
/// <param name="MinimumParticipants">Fewest sites of this site's own roster, itself included, in a cohort; at least 2.</param>
/// <param name="MinimumRows">Fewest training rows with which this site takes part.</param>
/// <param name="MostRounds">Most rounds of one study, evaluation included.</param>
/// <param name="MostLocalSteps">Most optimizer steps a round.</param>
/// <param name="MostBytesPerRound">Most bytes of one update.</param>
/// <param name="Disclose">Figures of this site that may be shown by name.</param>
public sealed record SitePolicy(
    DateTimeOffset Expires, ImmutableSortedDictionary<StudyId, Approval> Studies, ImmutableSortedSet<Protection> Protections,
    int MinimumParticipants, int MinimumRows, int MostRounds, int MostLocalSteps, long MostBytesPerRound, ImmutableSortedSet<Figure> Disclose)
{
    /// <summary>Digest of the canonical policy document: what consents name.</summary>
    public required Digest Digest { get; init; }

    /// <summary>What the policy says to a study, before any round.</summary>
    public PolicyVerdict Consider(StudyManifest manifest, DateTimeOffset now)
    {
        if (now >= Expires) return No(RefusalReason.PolicyExpired, $"The policy expired at {Expires:u}; the steward must renew it.");
        if (!Studies.TryGetValue(manifest.Name, out var approval)) return No(RefusalReason.StudyNotAllowed, $"The policy does not name the study '{manifest.Name}'.");
        if (!Protections.Contains(manifest.Protection))
            return No(RefusalReason.ProtectionNotAllowed, $"The policy does not allow updates to leave under '{Reading.Words.Of(manifest.Protection)}'.");
        if (manifest.Training.LocalSteps > MostLocalSteps)
            return No(RefusalReason.TooManyLocalSteps, $"A round takes {manifest.Training.LocalSteps} local steps; the policy allows {MostLocalSteps}.");
        if (manifest.Rounds.Count + 1 > MostRounds)
            return No(RefusalReason.TooManyRounds, $"The study takes {manifest.Rounds.Count} rounds and one evaluation; the policy allows {MostRounds}.");
        if (manifest.Cohort.Minimum < MinimumParticipants)
            return No(RefusalReason.TooFewParticipants, $"A round may have {manifest.Cohort.Minimum} participants; the policy asks for at least {MinimumParticipants}.");
        return manifest.Disclosures.FirstOrDefault(f => !Disclose.Contains(f), (Figure)(-1)) is var asked && Enum.IsDefined(asked)
            ? No(RefusalReason.DisclosureNotAllowed, $"The study asks this site to disclose '{Reading.Words.Of(asked)}'; the policy does not.")
            : new PolicyVerdict.Allowed(approval);
    }

    /// <summary>What the policy says to one round of an approved study.</summary>
    /// <param name="manifest">The manifest in force.</param>
    /// <param name="inRoster">How many sites of the cohort, this one included, stand in this site's roster with the identity the round names.</param>
    /// <param name="trainRows">This site's training rows.</param>
    /// <param name="bytes">Length of the update that the round asks for.</param>
    /// <param name="roundsBefore">Rounds of this study in which this site already sent an update.</param>
    /// <param name="now">The time.</param>
    public PolicyVerdict ConsiderRound(StudyManifest manifest, int inRoster, int trainRows, long bytes, int roundsBefore, DateTimeOffset now)
    {
        var verdict = Consider(manifest, now);
        if (verdict is PolicyVerdict.Refused) return verdict;
        var rows = Math.Max(MinimumRows, manifest.Dataset.MinimumRows);
        if (inRoster < MinimumParticipants)
            return No(RefusalReason.TooFewParticipants, $"{inRoster} sites of the cohort stand in this site's roster; the policy asks for {MinimumParticipants}.");
        if (trainRows < rows) return No(RefusalReason.TooFewRows, $"There are fewer than {rows} training rows.");
        if (manifest.Training.StepsOver(trainRows) > MostLocalSteps)
            return No(RefusalReason.TooManyLocalSteps, $"A round takes {manifest.Training.LocalEpochs} passes over this site's rows; the policy allows {MostLocalSteps} steps.");
        if (bytes > MostBytesPerRound) return No(RefusalReason.TooManyBytes, $"An update has {bytes} bytes; the policy allows {MostBytesPerRound}.");
        return roundsBefore >= MostRounds ? No(RefusalReason.TooManyRounds, $"This site took part in {roundsBefore} rounds; the policy allows {MostRounds}.") : verdict;
    }

    private static PolicyVerdict.Refused No(RefusalReason reason, string sentence) => new(reason, sentence);
}

/// <summary>What a policy says.</summary>
public abstract record PolicyVerdict
{
    private PolicyVerdict() { }

    /// <summary>Yes, in this way.</summary>
    public sealed record Allowed(Approval Approval) : PolicyVerdict;

    /// <summary>No. The sentence is for the steward and for a leaf's private part.</summary>
    public sealed record Refused(RefusalReason Reason, string Sentence) : PolicyVerdict;
}
