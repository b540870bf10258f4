using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Domain.Scoring;

/// <summary>
/// One site's part in the card precision of a federation. A day at a time: every site gives the day's histogram, the sum is opened, its list ends in some
/// bin (<see cref="CardPrecision.OfSums"/>), and every site removes the defrauded cards of its own that were on it. No card is ever named. Not thread-safe.
/// </summary>
public sealed class CardRanking
{
    private readonly SortedDictionary<int, List<ScoredCard>> _days;
    private readonly HashSet<int> _removed = [];

    /// <param name="rows">Day and card of each transaction; shape [n].</param>
    /// <param name="probabilities">In [0, 1]; shape [n].</param>
    /// <param name="labels">Fraud when above 0; shape [n].</param>
    /// <exception cref="ArgumentException">Shapes differ, or a probability is NaN.</exception>
    public CardRanking(ReadOnlySpan<CardDay> rows, ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels) => _days = ScoredCard.ByDay(rows, probabilities, labels);

    /// <summary>Days with transactions, ascending.</summary>
    public ImmutableArray<int> Days => [.. _days.Keys];

    /// <summary>The day's cards by their highest score, without those removed; empty on a day without transactions.</summary>
    public ScoreHistogram Histogram(int day)
    {
        var cards = Standing(day).ToList();
        return ScoreHistogram.Of([.. cards.Select(card => card.Score)], [.. cards.Select(card => card.Defrauded ? 1 : 0)]);
    }

    /// <summary>Removes from all later days the cards that were defrauded on <paramref name="day"/> and were surely on its list.</summary>
    /// <param name="day">The day.</param>
    /// <param name="fromBin">The lowest bin of which every card was.</param>
    public void Remove(int day, int fromBin) =>
        _removed.UnionWith(Standing(day).Where(card => card.Defrauded && ScoreHistogram.Bin(card.Score) >= fromBin).Select(card => card.Card).ToList());

    private IEnumerable<ScoredCard> Standing(int day) => _days.TryGetValue(day, out var cards) ? cards.Where(card => !_removed.Contains(card.Card)) : [];
}
