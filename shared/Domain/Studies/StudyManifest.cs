using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>A checked study manifest: every value in it is lawful. Only <see cref="ManifestReader"/> makes one from a document.</summary>
/// <param name="Name">The study's id.</param>
/// <param name="Title">For people; at most 120 characters.</param>
/// <param name="Purpose">What the model is for, in the words that a steward approves; at most 2,000 characters.</param>
/// <param name="Model">What is trained.</param>
/// <param name="Dataset">What a site's data must look like.</param>
/// <param name="Training">What a site does in one round.</param>
/// <param name="Update">How an update is encoded.</param>
/// <param name="Protection">How an update is protected on its way.</param>
/// <param name="Strategy">How aggregates become versions.</param>
/// <param name="Rounds">How many rounds and how long each may take.</param>
/// <param name="Cohort">Which sites, and the fewest of them.</param>
/// <param name="Disclosures">Figures of a single site that the study asks for; each site's policy decides.</param>
public sealed record StudyManifest(
    StudyId Name, string Title, string Purpose, ModelSpec Model, DatasetContract Dataset, TrainingPlan Training, UpdatePlan Update,
    Protection Protection, Strategy Strategy, RoundsPlan Rounds, CohortPlan Cohort, ImmutableArray<Figure> Disclosures)
{
    /// <summary>The canonical document (RFC 8785) that this was read from.</summary>
    public required ImmutableArray<byte> Canonical { get; init; }

    /// <summary>SHA-256 of <see cref="Canonical"/>: what sites approve.</summary>
    public Digest Digest => Digest.Of(Canonical.AsSpan());

    /// <summary>Two manifests are the same when their documents are.</summary>
    public bool Equals(StudyManifest? other) => other is not null && Canonical.AsSpan().SequenceEqual(other.Canonical.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode();
}

/// <summary>How an update is protected on the way in and revealed on the way out.</summary>
public enum Protection
{
    /// <summary>The coordinator can read every single update. Named honestly wherever it is shown.</summary>
    Clear,
    /// <summary>SecAgg+: masks that cancel in the sum.</summary>
    Masked,
    /// <summary>Threshold RLWE: only the sum is opened, by a committee.</summary>
    Encrypted,
}

/// <summary>How an update becomes integers: value v of ±Range is rounded to ValueBits bits; a site's weight is min(rows, WeightCap)/WeightCap.</summary>
/// <param name="ValueBits">8 to 32.</param>
/// <param name="Range">R above 0: one unit is R·2^(1-ValueBits); values beyond ±R saturate and are counted.</param>
/// <param name="WeightCap">1 to 1,000,000: training rows from which on a site weighs 1. Choose it near the largest site.</param>
public sealed record UpdatePlan(int ValueBits, double Range, int WeightCap);

/// <summary>How many rounds and how long each may take.</summary>
/// <param name="Count">Training rounds; 1 to 100,000. One evaluation round follows the last.</param>
/// <param name="Deadline">From opening to closing; 5 seconds to 30 days.</param>
/// <param name="MaxFailures">Rounds in a row that may fail before the study stops; 1 to 1,000.</param>
public sealed record RoundsPlan(int Count, TimeSpan Deadline, int MaxFailures);

/// <summary>Which sites take part.</summary>
/// <param name="Sites">The sites asked; empty means every site enrolled when the study was submitted.</param>
/// <param name="Minimum">Fewest participants of a round; 2 to 10,000 (1 sum of 1 site would be its update).</param>
/// <param name="Patience">How long the first round waits for sites that have not answered, once Minimum have approved; 0 seconds to 30 days.</param>
public sealed record CohortPlan(ImmutableArray<SiteId> Sites, int Minimum, TimeSpan Patience);

/// <summary>A figure of one single site: a disclosure that its policy must allow by name.</summary>
public enum Figure
{
    /// <summary>Share of the site's test rows that a version classifies rightly.</summary>
    Accuracy,
    /// <summary>Mean loss over the site's test rows.</summary>
    Loss,
    /// <summary>Number of test rows behind the two.</summary>
    TestRows,
}
