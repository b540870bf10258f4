using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Domain.Scoring;

/// <summary>A card on one day: the highest score of its transactions, and whether any of them was a fraud.</summary>
internal readonly record struct ScoredCard(int Card, float Score, bool Defrauded)
{
    /// <summary>The cards of each day, the days ascending.</summary>
    public static SortedDictionary<int, List<ScoredCard>> ByDay(ReadOnlySpan<CardDay> rows, ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        if (rows.Length != scores.Length || rows.Length != labels.Length) throw new ArgumentException($"{rows.Length} transactions, {scores.Length} scores, {labels.Length} labels.", nameof(scores));
        var cards = new Dictionary<CardDay, ScoredCard>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (float.IsNaN(scores[i])) throw new ArgumentException("A score is NaN.", nameof(scores));
            var so = cards.GetValueOrDefault(rows[i], new ScoredCard(rows[i].Card, float.NegativeInfinity, false));
            cards[rows[i]] = so with { Score = Math.Max(so.Score, scores[i]), Defrauded = so.Defrauded || labels[i] > 0 };
        }
        var days = new SortedDictionary<int, List<ScoredCard>>();
        foreach (var (row, card) in cards)
        {
            if (!days.TryGetValue(row.Day, out var list)) days.Add(row.Day, list = []);
            list.Add(card);
        }
        return days;
    }
}
