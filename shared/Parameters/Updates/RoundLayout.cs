using System.Collections.Immutable;
using System.Diagnostics;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>What the updates of a round are made of: the one definition that agents encode by, the coordinator folds by and auditors check by.</summary>
/// <remarks>
/// Training: the model's shared values, then <c>weight, saturated, test.rows, test.correct, test.loss</c>, then what the strategy adds. Evaluation:
/// the counts without the first two. The ring has room for the whole cohort, so that the sum of whoever takes part fits.
/// </remarks>
public static class RoundLayout
{
    private static readonly ImmutableArray<string> Evaluated = [CountNames.TestRows, CountNames.TestCorrect, CountNames.TestLoss];

    /// <summary>The ring of a round's updates.</summary>
    /// <param name="opened">The fact that began the round.</param>
    /// <param name="manifest">The manifest that the round names.</param>
    /// <exception cref="ArgumentException">The model has no layout, or the round a lawless width or cohort.</exception>
    public static UpdateRing RingOf(RoundOpened opened, StudyManifest manifest) =>
        new(opened.ValueBits, opened.Cohort.Length, LayoutOf(opened.Kind, manifest));

    /// <summary>The meaning of the values' digits.</summary>
    public static UpdatePlan PlanOf(RoundOpened opened) => new(opened.ValueBits, opened.Range, opened.WeightCap);

    /// <summary>What a single update of a round can say.</summary>
    /// <param name="opened">The fact that began the round.</param>
    /// <param name="manifest">The manifest that the round names.</param>
    /// <exception cref="ArgumentException">As <see cref="RingOf"/>.</exception>
    public static UpdateLimits LimitsOf(RoundOpened opened, StudyManifest manifest) => new(RingOf(opened, manifest), PlanOf(opened), manifest.Training);

    private static UpdateLayout LayoutOf(RoundKind kind, StudyManifest manifest) => kind switch
    {
        RoundKind.Training => new UpdateLayout(
            TensorLayout.Of(manifest.Model).SharedLength, [CountNames.Weight, CountNames.Saturated, .. Evaluated, .. InTraining(manifest.Strategy), .. Always(manifest.Strategy)]),
        RoundKind.Evaluation => new UpdateLayout(0, [.. Evaluated, .. Always(manifest.Strategy)]),
        _ => throw new UnreachableException($"A round of kind {kind} has no layout."),
    };

    private static ImmutableArray<string> InTraining(Strategy strategy) => strategy is Strategy.FedNova ? [CountNames.WeightedSteps] : [];

    private static ImmutableArray<string> Always(Strategy strategy) => strategy is Strategy.Ditto ? [CountNames.PersonalCorrect] : [];
}
