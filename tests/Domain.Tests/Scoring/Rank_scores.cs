using CsCheck;
using DeepSeek.Federated.Domain.Scoring;

namespace DeepSeek.Federated.Domain.Tests.Scoring;

public sealed class Rank_scores
{
    /// <summary>Probabilities on a coarse grid, so that ties are common, and free ones.</summary>
    internal static readonly Gen<(float Score, int Label)[]> Rows =
        Gen.Select(Gen.OneOf(Gen.Int[0, 8].Select(i => i / 8f), Gen.Double[0, 1].Select(d => (float)d)), Gen.Int[0, 3].Select(i => i == 0 ? 1 : 0)).Array[0, 60];

    [Fact]
    public void are_those_of_small_cases_worked_out_by_hand()
    {
        // The example of scikit-learn's own documentation.
        float[] scores = [0.1f, 0.4f, 0.35f, 0.8f];
        int[] labels = [0, 0, 1, 1];
        Assert.Equal(0.75, RankScores.Auc(scores, labels));
        Assert.Equal(0.5 * (2.0 / 3) + 0.5, RankScores.AveragePrecision(scores, labels)!.Value, 1e-15);
        // All tied: a coin for AUC, the prevalence for average precision.
        Assert.Equal(0.5, RankScores.Auc([1, 1, 1, 1], [1, 0, 0, 0]));
        Assert.Equal(0.25, RankScores.AveragePrecision([1, 1, 1, 1], [1, 0, 0, 0]));
    }

    [Fact]
    public void do_not_exist_where_there_is_nothing_to_rank()
    {
        Assert.Null(RankScores.Auc([], []));
        Assert.Null(RankScores.Auc([1, 2], [1, 1]));
        Assert.Null(RankScores.AveragePrecision([1, 2], [0, 0]));
        Assert.Equal(1, RankScores.AveragePrecision([1, 2], [1, 1]));
        Assert.Throws<ArgumentException>(() => RankScores.Auc([1], []));
        Assert.Throws<ArgumentException>(() => RankScores.AveragePrecision([float.NaN, 1], [1, 0]));
    }

    [Fact]
    public void are_what_their_definitions_say_pair_by_pair_and_threshold_by_threshold()
    {
        var tied = 0;
        Rows.Sample(rows =>
        {
            var (scores, labels) = Split(rows);
            var pairs = (from p in rows where p.Label > 0 from n in rows where n.Label == 0 select p.Score > n.Score ? 1 : p.Score == n.Score ? 0.5 : 0).ToList();
            if (pairs.Contains(0.5)) tied++;
            AssertSame(pairs.Count == 0 ? null : pairs.Average(), RankScores.Auc(scores, labels));
            var positives = rows.Count(r => r.Label > 0);
            double? average = positives == 0 ? null : rows.Where(r => r.Label > 0).Average(p => (double)rows.Count(r => r.Label > 0 && r.Score >= p.Score) / rows.Count(r => r.Score >= p.Score));
            AssertSame(average, RankScores.AveragePrecision(scores, labels));
        }, iter: 500);
        Assert.True(tied > 50, $"only {tied} cases had a tie between a positive and a negative");
    }

    internal static (float[] Scores, int[] Labels) Split((float Score, int Label)[] rows) => ([.. rows.Select(r => r.Score)], [.. rows.Select(r => r.Label)]);

    private static void AssertSame(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } value) Assert.Equal(value, actual!.Value, 1e-12);
    }
}
