using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>What one update of a round can say at most: exactly what <see cref="UpdateEncoder"/> can write, whatever the site's rows. Immutable.</summary>
/// <param name="Ring">The round's ring.</param>
/// <param name="Plan">Scale and weight cap.</param>
/// <param name="Training">How many steps a site takes: FedNova weighs by them.</param>
/// <remarks>Only whoever sees a single update can hold it to this. Test rows, hits within them and their loss are believed: no rule bounds them.</remarks>
public sealed record UpdateLimits(UpdateRing Ring, UpdatePlan Plan, TrainingPlan Training)
{
    /// <summary>The first rule that an update breaks; null when an honest site can have made it.</summary>
    /// <param name="farthest">The largest |digit - offset| of its values; 0 without values.</param>
    /// <param name="counts">The layout's counts.</param>
    /// <returns>The end of a sentence, without the update's values.</returns>
    public string? Fault(long farthest, ImmutableSortedDictionary<string, long> counts) =>
        OfEvaluation(counts) ?? (counts.TryGetValue(CountNames.Weight, out var weight) ? OfTraining(farthest, weight, counts) : null);

    private static string? OfEvaluation(ImmutableSortedDictionary<string, long> counts)
    {
        if (!counts.TryGetValue(CountNames.TestRows, out var rows)) return null;
        return counts.GetValueOrDefault(CountNames.TestCorrect) > rows || counts.GetValueOrDefault(CountNames.PersonalCorrect) > rows
            ? "it counts more test rows as classified rightly than it has."
            : null;
    }

    private string? OfTraining(long farthest, long weight, ImmutableSortedDictionary<string, long> counts) => weight switch
    {
        < 1                                                              => "its weight is 0: an update rests on at least one training row.",
        _ when weight > Plan.WeightCap                                   => $"its weight is above the study's cap of {Plan.WeightCap}.",
        _ when farthest > new FixedPoint(Plan).ReachOf(weight)           => "a value reaches farther than an update of its weight can.",
        _ when counts.GetValueOrDefault(CountNames.Saturated) > Ring.Layout.Values => "it counts more saturated values than it has.",
        _ when counts.TryGetValue(CountNames.WeightedSteps, out var steps) && !Takes(steps, weight) => "its weighted steps are not those of its weight under the study's training plan.",
        _                                                                => null,
    };

    // Below the cap the weight is the number of rows, and that gives the steps. At the cap there may be any number of rows more.
    private bool Takes(long weightedSteps, long weight)
    {
        var (fewest, most) = (Training.StepsOver((int)weight), Training.StepsOver(weight < Plan.WeightCap ? (int)weight : int.MaxValue));
        return weightedSteps >= (Int128)weight * fewest && weightedSteps <= (Int128)weight * most;
    }
}
