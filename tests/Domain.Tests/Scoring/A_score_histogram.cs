using CsCheck;
using DeepSeek.Federated.Domain.Scoring;
using static DeepSeek.Federated.Domain.Tests.Scoring.Rank_scores;

namespace DeepSeek.Federated.Domain.Tests.Scoring;

public sealed class A_score_histogram
{
    [Fact]
    public void brackets_the_exact_scores_of_the_rows_of_all_sites()
    {
        var loose = 0;
        Gen.Select(Rows, Rows).Sample((one, other) =>
        {
            var (scores, labels) = Split([.. one, .. other]);
            var sum = Histogram(one).Plus(Histogram(other));
            Assert.Equal(Histogram([.. one, .. other]).Positives, sum.Positives);
            if (AssertHolds(RankScores.Auc(scores, labels), sum.Auc()) | AssertHolds(RankScores.AveragePrecision(scores, labels), sum.AveragePrecision())) loose++;
        }, iter: 500);
        Assert.True(loose > 20, $"only {loose} cases had a positive and a negative in one bin");
    }

    [Fact]
    public void is_exact_where_no_bin_holds_both()
    {
        var (scores, labels) = (Enumerable.Range(1, 60).Select(i => i / 61f).ToArray(), Enumerable.Range(1, 60).Select(i => i % 7 == 0 ? 1 : 0).ToArray());
        var histogram = ScoreHistogram.Of(scores, labels);
        Assert.Equal(60, histogram.Positives.Zip(histogram.Negatives).Count(bin => bin.First + bin.Second == 1));
        var (auc, ap) = (histogram.Auc()!.Value, histogram.AveragePrecision()!.Value);
        Assert.Equal((auc.Low, auc.High), (auc.Value, auc.Value));
        Assert.Equal(RankScores.Auc(scores, labels)!.Value, auc.Value, 1e-12);
        Assert.Equal(RankScores.AveragePrecision(scores, labels)!.Value, ap.Value, 1e-12);
        Assert.Equal(ap.Low, ap.High, 1e-12);
    }

    [Fact]
    public void keeps_the_order_of_probabilities_and_takes_the_ends_in()
    {
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((a, b) =>
            Assert.True(ScoreHistogram.Bin((float)Math.Min(a, b)) <= ScoreHistogram.Bin((float)Math.Max(a, b))));
        Assert.Equal((0, 1024, ScoreHistogram.Bins - 1), (ScoreHistogram.Bin(0), ScoreHistogram.Bin(0.5f), ScoreHistogram.Bin(1)));
        foreach (var wrong in new[] { -0.1f, 1.1f, float.NaN }) Assert.Throws<ArgumentException>(() => ScoreHistogram.Bin(wrong));
    }

    [Fact]
    public void has_no_score_where_there_is_nothing_to_rank()
    {
        Assert.Null(ScoreHistogram.Empty.Auc());
        Assert.Null(ScoreHistogram.Empty.AveragePrecision());
        Assert.Null(ScoreHistogram.Of([0.5f], [1]).Auc());
    }

    private static ScoreHistogram Histogram((float, int)[] rows)
    {
        var (scores, labels) = Split(rows);
        return ScoreHistogram.Of(scores, labels);
    }

    /// <summary>Whether the bracket leaves room.</summary>
    private static bool AssertHolds(double? exact, ScoreBracket? bracket)
    {
        Assert.Equal(exact is null, bracket is null);
        if (exact is not { } value || bracket is not { } holds) return false;
        Assert.InRange(value, holds.Low - 1e-12, holds.High + 1e-12);
        Assert.InRange(holds.Value, holds.Low - 1e-12, holds.High + 1e-12);
        return holds.High > holds.Low;
    }
}
