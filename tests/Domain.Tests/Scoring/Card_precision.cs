using CsCheck;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Scoring;

namespace DeepSeek.Federated.Domain.Tests.Scoring;

public sealed class Card_precision
{
    /// <summary>Few cards and days; scores that are all different, as those of a model are, and lie in bins of their own.</summary>
    private static readonly Gen<Row[]> Rows = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], Gen.Int[0, 3]).Array[0, 80]
        .SelectMany(rows => Gen.Shuffle(Enumerable.Range(1, Math.Max(1, rows.Length)).ToArray()).Select(order => rows
            .Select((r, i) => new Row(new CardDay(r.Item1, r.Item2), order[i] / 100f, r.Item3 == 0 ? 1 : 0)).ToArray()));

    private sealed record Row(CardDay Of, float Score, int Label);

    [Fact]
    public void counts_the_defrauded_cards_among_the_highest_by_each_cards_highest_score()
    {
        // Day 3: card 1 scores .9 on an honest transaction and is defrauded in another; card 2 stands second; card 3 third.
        CardDay[] rows = [new(3, 1), new(3, 1), new(3, 2), new(3, 3), new(4, 1), new(4, 2), new(4, 3)];
        float[] scores = [0.9f, 0.1f, 0.8f, 0.7f, 0.9f, 0.6f, 0.5f];
        int[] labels = [0, 1, 0, 1, 1, 0, 1];
        Assert.Equal([new(3, 3, 2, 1, 0.5), new(4, 2, 1, 1, 0.5)], CardPrecision.Of(rows, scores, labels, top: 2));
        Assert.Equal([new(3, 3, 2, 1, 0.5), new(4, 3, 2, 1, 0.5)], CardPrecision.Of(rows, scores, labels, top: 2, removeDetected: false));
        // A list longer than the cards is divided by its length all the same.
        Assert.Equal([0.02, 0], CardPrecision.Of(rows, scores, labels).Select(d => d.Precision));
    }

    [Fact]
    public void is_that_of_a_plain_count()
    {
        var removed = 0;
        Gen.Select(Rows, Gen.Int[1, 5], Gen.Bool).Sample((rows, top, remove) =>
        {
            var days = CardPrecision.Of([.. rows.Select(r => r.Of)], [.. rows.Select(r => r.Score)], [.. rows.Select(r => r.Label)], top, remove);
            var known = new List<int>();
            var expected = new List<double>();
            foreach (var day in rows.Select(r => r.Of.Day).Distinct().Order())
            {
                var cards = rows.Where(r => r.Of.Day == day && !known.Contains(r.Of.Card)).GroupBy(r => r.Of.Card).OrderByDescending(c => c.Max(r => r.Score)).ToList();
                var found = cards.Take(top).Where(c => c.Any(r => r.Label > 0)).Select(c => c.Key).ToList();
                expected.Add((double)found.Count / top);
                if (remove) known.AddRange(found);
            }
            Assert.Equal(expected, days.Select(d => d.Precision));
            removed += known.Count;
        }, iter: 500);
        Assert.True(removed > 500, $"only {removed} cards were found");
    }

    [Fact]
    public void of_a_federation_is_opened_a_day_at_a_time_from_sums() =>
        Gen.Select(Rows, Gen.Int[1, 5]).Sample((rows, top) =>
        {
            // Three sites share the cards; each score has a bin of its own, so the sums lose nothing.
            var sites = Enumerable.Range(0, 3).Select(s => rows.Where(r => r.Of.Card % 3 == s).ToList())
                .Select(mine => new CardRanking([.. mine.Select(r => r.Of)], [.. mine.Select(r => r.Score)], [.. mine.Select(r => r.Label)])).ToList();
            var opened = new List<ScoreBracket>();
            foreach (var day in sites.SelectMany(s => s.Days).Distinct().Order())
            {
                var (precision, fromBin) = CardPrecision.OfSums(sites.Select(s => s.Histogram(day)).Aggregate((a, b) => a.Plus(b)), top);
                opened.Add(precision);
                sites.ForEach(s => s.Remove(day, fromBin));
            }
            var exact = CardPrecision.Of([.. rows.Select(r => r.Of)], [.. rows.Select(r => r.Score)], [.. rows.Select(r => r.Label)], top);
            Assert.Equal(exact.Select(d => d.Precision), opened.Select(b => b.Value));
            Assert.All(opened, b => Assert.Equal((b.Value, b.Value), (b.Low, b.High)));
            if (opened.Count > 0) Assert.Equal(exact.Average(d => d.Precision), ScoreBracket.Mean(opened).Value, 1e-12);
        }, iter: 300);

    [Fact]
    public void from_sums_brackets_what_the_last_bin_hides()
    {
        // 4 sure cards with 1 fraud, then a bin of 10 with 4 frauds of which 6 fit on the list: from 0 to 4 of them.
        var day = ScoreHistogram.Of(
            [0.9f, 0.9f, 0.9f, 0.9f, .. Enumerable.Repeat(0.5f, 10), 0.1f], [1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
        var (precision, fromBin) = CardPrecision.OfSums(day, 10);
        Assert.Equal((0.34, 0.1, 0.5), (Math.Round(precision.Value, 12), precision.Low, precision.High));
        Assert.Equal(ScoreHistogram.Bin(0.5f) + 1, fromBin);
        Assert.Equal((new ScoreBracket(0.06, 0.06, 0.06), 0), CardPrecision.OfSums(day));
    }

    [Fact]
    public void refuses_shapes_that_differ_and_scores_that_are_none()
    {
        Assert.Throws<ArgumentException>(() => CardPrecision.Of([new(1, 1)], [1], []));
        Assert.Throws<ArgumentException>(() => CardPrecision.Of([new(1, 1)], [float.NaN], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CardPrecision.Of([], [], [], top: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CardPrecision.OfSums(ScoreHistogram.Empty, 0));
        Assert.Throws<ArgumentException>(() => ScoreBracket.Mean([]));
    }
}
