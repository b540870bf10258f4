using System.Collections.Immutable;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Tests;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Scoring;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Training;

namespace DeepSeek.Federated.Learning.Tests;

/// <summary>The Handbook's baseline on its first weeks: chapter 3, logistic regression AUC .871, average precision .606, card precision at 100 .291.</summary>
public sealed class A_card_fraud_model : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task scores_as_the_Handbooks_logistic_regression_does()
    {
        var data = Assert.IsType<DatasetReading.Ready>(await new TransactionConnector(FraudHandbook.Transactions).Read(FraudHandbook.Contract, CancellationToken.None));
        var train = data.Examples.Train;
        using var model = new SiteModel(Samples.Spec(new Architecture.Logistic(train.Width, 1)));
        // scikit-learn minimises C·Σloss + ½‖w‖² with C = 1: the mean loss with a decay of 1/n. Whole passes with momentum, until it is there.
        var all = Enumerable.Range(0, train.Count).ToImmutableArray();
        var plan = new TrainingPlan(LocalSteps: 400, BatchSize: train.Count, LearningRate: 2, Momentum: 0.9, WeightDecay: 1.0 / train.Count);
        Assert.IsType<TrainingOutcome.Trained>(Trainer.Train(model, train, plan, new GivenBatches([.. Enumerable.Repeat(all, plan.LocalSteps)]), [], null, CancellationToken.None));
        AssertNear(0.005, Score(model, data.Examples.Test, data.TestCards.AsSpan()));
    }

    [Fact]
    public async Task of_five_banks_scores_as_that_of_one_where_terminals_are_reported()
    {
        var banks = await FiveBanks.Read(_directory, reported: true);
        var (train, test, cards) = FiveBanks.Pooled(banks);
        Assert.Equal((67_240, 58_264), (train.Count, test.Count));
        var plan = new TrainingPlan(LocalSteps: 50, BatchSize: 1024, LearningRate: 0.5, Momentum: 0.9, WeightDecay: 0);
        using var model = new SiteModel(Samples.Spec(new Architecture.Logistic(train.Width, 1)));
        var samplers = banks.Select(bank => new SeededBatches(Samples.Seed, bank.Examples.Train.Count, plan.BatchSize, default)).ToList();
        var (global, local) = (new float[model.SharedLength], new float[model.SharedLength]);
        for (var round = 0; round < 20; round++)
        {
            var mean = new double[global.Length];
            foreach (var (bank, sampler) in banks.Zip(samplers))
            {
                model.LoadShared(global);
                Assert.IsType<TrainingOutcome.Trained>(Trainer.Train(model, bank.Examples.Train, plan, sampler, [], null, CancellationToken.None));
                model.CopyShared(local);
                for (var i = 0; i < mean.Length; i++) mean[i] += local[i] * ((double)bank.Examples.Train.Count / train.Count);
            }
            global = [.. mean.Select(v => (float)v)];
        }
        model.LoadShared(global);
        AssertNear(0.01, Score(model, test, cards));
        AssertSumsTellTheSame(model, banks, Score(model, test, cards));
    }

    private static Scores Score(SiteModel model, Examples test, ReadOnlySpan<CardDay> cards)
    {
        var scores = Evaluator.Predict(model, test.Features, 4096);
        return new(
            RankScores.Auc(scores, test.Labels)!.Value, RankScores.AveragePrecision(scores, test.Labels)!.Value,
            CardPrecision.Of(cards, scores, test.Labels).Average(day => day.Precision));
    }

    private static void AssertNear(double tolerance, Scores scores)
    {
        Assert.Equal(0.871, scores.Auc, tolerance);
        Assert.Equal(0.606, scores.AveragePrecision, tolerance);
        Assert.Equal(0.291, scores.CardPrecision, tolerance);
    }

    /// <summary>What sums over the banks say lies by the exact scores: nobody need see a bank's predictions.</summary>
    private static void AssertSumsTellTheSame(SiteModel model, IReadOnlyList<DatasetReading.Ready> banks, Scores exact)
    {
        var predicted = banks.Select(bank => Evaluator.Predict(model, bank.Examples.Test.Features, 4096)).ToList();
        var sum = banks.Zip(predicted, (bank, scores) => ScoreHistogram.Of(scores, bank.Examples.Test.Labels)).Aggregate((a, b) => a.Plus(b));
        AssertWithin(0.002, sum.Auc()!.Value, exact.Auc);
        AssertWithin(0.02, sum.AveragePrecision()!.Value, exact.AveragePrecision);
        var rankings = banks.Zip(predicted, (bank, scores) => new CardRanking(bank.TestCards.AsSpan(), scores, bank.Examples.Test.Labels)).ToList();
        var days = new List<ScoreBracket>();
        foreach (var day in rankings.SelectMany(r => r.Days).Distinct().Order().ToList())
        {
            var (precision, fromBin) = CardPrecision.OfSums(rankings.Select(r => r.Histogram(day)).Aggregate((a, b) => a.Plus(b)));
            days.Add(precision);
            rankings.ForEach(r => r.Remove(day, fromBin));
        }
        Assert.Equal(exact.CardPrecision, ScoreBracket.Mean(days).Value, 0.005);
    }

    private static void AssertWithin(double width, ScoreBracket bracket, double exact)
    {
        Assert.InRange(exact, bracket.Low, bracket.High);
        Assert.True(bracket.High - bracket.Low < width, $"the bounds are {bracket.High - bracket.Low} apart");
    }

    private sealed record Scores(double Auc, double AveragePrecision, double CardPrecision);
}
