using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Domain.Scoring;

/// <summary>What a day's list of the most suspicious cards was worth.</summary>
/// <param name="Day">Days since the contract's start.</param>
/// <param name="Cards">Cards with a transaction that day, without those removed.</param>
/// <param name="Defrauded">Those of them that were defrauded that day.</param>
/// <param name="Detected">Those of these that the list names.</param>
/// <param name="Precision">Detected by the list's length, whether or not there are so many cards.</param>
public sealed record DayPrecision(int Day, int Cards, int Defrauded, int Detected, double Precision);

/// <summary>
/// Card precision: each day a team looks at the k cards with the highest scores; how many of them were defrauded that day? A card that was found
/// is blocked and stands on no later list. Thread-safe; O(n log n).
/// </summary>
/// <remarks>Le Borgne et al. 2022, chapter 4, precision top-k metrics. Equal scores are ordered by the card's number.</remarks>
public static class CardPrecision
{
    /// <summary>Length of the list in the Handbook.</summary>
    public const int Top = 100;

    /// <summary>One precision for each day that has transactions, in order. Their mean is the score.</summary>
    /// <param name="rows">Day and card of each transaction; shape [n].</param>
    /// <param name="scores">Higher means more suspicious; none is NaN; shape [n].</param>
    /// <param name="labels">Fraud when above 0; shape [n].</param>
    /// <param name="top">Length of the list; at least 1.</param>
    /// <param name="removeDetected">Whether a card that was found is left out afterwards.</param>
    /// <exception cref="ArgumentException">Shapes differ, a score is NaN or the list is empty.</exception>
    public static ImmutableArray<DayPrecision> Of(ReadOnlySpan<CardDay> rows, ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int top = Top, bool removeDetected = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var removed = new HashSet<int>();
        var precisions = ImmutableArray.CreateBuilder<DayPrecision>();
        foreach (var (day, all) in ScoredCard.ByDay(rows, scores, labels))
        {
            var cards = all.Where(card => !removed.Contains(card.Card)).ToList();
            var detected = cards.OrderByDescending(card => card.Score).ThenBy(card => card.Card).Take(top).Where(card => card.Defrauded).Select(card => card.Card).ToList();
            precisions.Add(new DayPrecision(day, cards.Count, cards.Count(card => card.Defrauded), detected.Count, (double)detected.Count / top));
            if (removeDetected) removed.UnionWith(detected);
        }
        return precisions.ToImmutable();
    }

    /// <summary>
    /// The precision of one day, from the sum over sites of the day's <see cref="CardRanking.Histogram"/>. Of the bin in which the list ends it is not
    /// known which cards are on it: the value takes its share, the bounds the fewest and the most, given the cards that were removed before.
    /// </summary>
    /// <param name="day">The sum.</param>
    /// <param name="top">Length of the list; at least 1.</param>
    /// <returns>The precision, and the lowest bin of which every card is on the list: what <see cref="CardRanking.Remove"/> wants to know.</returns>
    public static (ScoreBracket Precision, int FromBin) OfSums(ScoreHistogram day, int top = Top)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var (left, sure) = ((long)top, 0L);
        for (var b = ScoreHistogram.Bins - 1; b >= 0; b--)
        {
            var (frauds, cards) = (day.Positives[b], day.Positives[b] + day.Negatives[b]);
            if (cards <= left)
            {
                (left, sure) = (left - cards, sure + frauds);
                continue;
            }
            var (fewest, most) = (Math.Max(0, left - day.Negatives[b]), Math.Min(left, frauds));
            return (new((sure + (double)frauds * left / cards) / top, (double)(sure + fewest) / top, (double)(sure + most) / top), b + 1);
        }
        return (new((double)sure / top, (double)sure / top, (double)sure / top), 0);
    }
}
