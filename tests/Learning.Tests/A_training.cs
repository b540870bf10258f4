using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Training;
using TorchSharp;

namespace DeepSeek.Federated.Learning.Tests;

public sealed class A_training
{
    private static readonly Architecture Mlp = new Architecture.Mlp(2, [16, 16], 1);
    private static readonly TrainingPlan Plan = new(LocalSteps: 50, BatchSize: 16, LearningRate: 0.1, Momentum: 0.9, WeightDecay: 0);

    private static SeededBatches Batches(Examples examples, TrainingPlan plan, SamplerState state = default) => new(Samples.Seed, examples.Count, plan.BatchSize, state);

    private static TrainingOutcome Train(SiteModel model, Examples examples, TrainingPlan plan, SamplerState state = default) =>
        Trainer.Train(model, examples, plan, Batches(examples, plan, state), [], null, CancellationToken.None);

    private static float[] Shared(SiteModel model)
    {
        var values = new float[model.SharedLength];
        model.CopyShared(values);
        return values;
    }

    [Fact]
    public void gives_the_same_bits_again()
    {
        float[] Once(ModelSpec spec, Examples examples)
        {
            using var model = Samples.Model(spec);
            Train(model, examples, Plan with { LearningRate = 0.01 });
            return Shared(model);
        }
        foreach (var (spec, examples) in new[]
        {
            (Samples.Spec(Mlp), Samples.Moons(200)), (Samples.Spec(new Architecture.Cnn(1, 12, 12, [8], 16, 3)), Samples.Bars(60)),
        })
            Assert.Equal(Once(spec, examples).Select(BitConverter.SingleToInt32Bits), Once(spec, examples).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void and_evaluation_give_the_same_bits_wherever_the_rows_lie_in_memory()
    {
        var examples = Samples.Bars(90);
        using var model = Samples.Model(Samples.Spec(new Architecture.Logistic(144, 3)));
        var start = Shared(model);
        var seen = new HashSet<(int, int, int)>();
        for (var shift = 0; shift < 16; shift++)
        {
            // Managed arrays are aligned to 8 bytes only: a larger neighbour moves the next one.
            var keep = new byte[8 * shift + 1];
            var moved = examples with { Features = [.. examples.Features] };
            model.LoadShared(start);
            var loss = Evaluator.Evaluate(model, moved, 32, CancellationToken.None).LossSum;
            var probability = Evaluator.Predict(model, moved.Features, 32).Sum();
            Train(model, moved, Plan);
            seen.Add((loss.GetHashCode(), probability.GetHashCode(), Shared(model).Aggregate(0, (hash, v) => hash * 31 + BitConverter.SingleToInt32Bits(v))));
            GC.KeepAlive(keep);
        }
        Assert.Single(seen);
    }

    [Fact]
    public void in_two_rounds_sees_the_batches_of_one()
    {
        var examples = Samples.Moons(203);
        var plan = Plan with { Momentum = 0 };
        using var whole = Samples.Model(Samples.Spec(Mlp));
        using var halves = Samples.Model(Samples.Spec(Mlp));
        var end = (TrainingOutcome.Trained)Train(whole, examples, plan);
        var middle = (TrainingOutcome.Trained)Train(halves, examples, plan with { LocalSteps = 20 });
        var second = (TrainingOutcome.Trained)Train(halves, examples, plan with { LocalSteps = 30 }, middle.Next);
        Assert.Equal(Shared(whole), Shared(halves));
        Assert.Equal(end.Next, second.Next);
    }

    [Fact]
    public void learns_what_no_line_divides()
    {
        var moons = Samples.Moons(400);
        using var line = Samples.Model(Samples.Spec(new Architecture.Logistic(2, 1)));
        using var curve = Samples.Model(Samples.Spec(Mlp));
        foreach (var model in new[] { line, curve }) Train(model, moons, Plan with { LocalSteps = 800 });
        Assert.InRange(Evaluator.Evaluate(line, moons, 64, CancellationToken.None).Correct, 300, 380);
        Assert.InRange(Evaluator.Evaluate(curve, moons, 64, CancellationToken.None).Correct, 396, 400);
    }

    [Fact]
    public void learns_small_images()
    {
        var bars = Samples.Bars(240);
        using var model = Samples.Model(Samples.Spec(new Architecture.Cnn(1, 12, 12, [8], 16, 3)));
        var before = Evaluator.Evaluate(model, bars, 50, CancellationToken.None);
        Train(model, bars, Plan with { LocalSteps = 150, LearningRate = 0.05 });
        var after = Evaluator.Evaluate(model, bars, 50, CancellationToken.None);
        Assert.True(before.Correct < 150 && after.Correct > 230, $"{before.Correct} → {after.Correct} of 240");
        Assert.True(after.LossSum < before.LossSum / 4);
    }

    [Theory]
    [InlineData(0, 0), InlineData(0.9, 0), InlineData(0, 0.01), InlineData(0.9, 0.01)]
    public void steps_as_torch_does(double momentum, double decay)
    {
        var moons = Samples.Moons(64);
        var plan = Plan with { LocalSteps = 12, Momentum = momentum, WeightDecay = decay };
        using var ours = Samples.Model(Samples.Spec(Mlp));
        using var theirs = Samples.Model(Samples.Spec(Mlp));
        Train(ours, moons, plan);

        using var data = new ExampleTensors(moons, theirs);
        var parameters = theirs.Trained.Select(t => new TorchSharp.Modules.Parameter(t.detach())).ToList();
        using var torchs = torch.optim.SGD(parameters, plan.LearningRate, plan.Momentum, weight_decay: plan.WeightDecay);
        var batches = Batches(moons, plan);
        for (var step = 0; step < plan.LocalSteps; step++)
        {
            using var scope = torch.NewDisposeScope();
            using var index = torch.tensor(batches.Next().ToArray().Select(i => (long)i).ToArray());
            foreach (var tensor in theirs.Trained) tensor.grad = null;
            data.Loss(theirs.Forward(data.Features.index_select(0, index)), data.Labels.index_select(0, index), torch.nn.Reduction.Mean).backward();
            foreach (var (parameter, tensor) in parameters.Zip(theirs.Trained)) parameter.grad = tensor.grad;
            torchs.step();
        }
        Assert.All(Shared(ours).Zip(Shared(theirs)), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Fact]
    public void follows_the_gradient_that_differences_show()
    {
        var moons = Samples.Moons(32);
        using var model = Samples.Model(Samples.Spec(Mlp));
        var before = Shared(model);
        var batch = new GivenBatches([[.. Enumerable.Range(0, 32)]]);
        Trainer.Train(model, moons, new(1, 32, 0.01, 0, 0), batch, [], null, CancellationToken.None);
        var moved = Shared(model);
        for (var i = 0; i < before.Length; i += 17)
        {
            double LossAt(float by)
            {
                var shifted = (float[])before.Clone();
                shifted[i] += by;
                model.LoadShared(shifted);
                return Evaluator.Evaluate(model, moons, 32, CancellationToken.None).LossSum / 32;
            }
            Assert.Equal((LossAt(1e-2f) - LossAt(-1e-2f)) / 2e-2, (before[i] - moved[i]) / 0.01, 2e-3);
        }
    }

    [Fact]
    public void leaves_no_tensor_behind_and_no_gradient_buffer()
    {
        var bars = Samples.Bars(30);
        using var model = Samples.Model(Samples.Spec(new Architecture.Cnn(1, 12, 12, [4], 8, 3)));
        long Live() => torch.Tensor.TotalCount;
        Train(model, bars, Plan with { LocalSteps = 2 });
        var before = Live();
        Train(model, bars, Plan with { LocalSteps = 40 });
        Evaluator.Evaluate(model, bars, 7, CancellationToken.None);
        Evaluator.Predict(model, bars.Features, 7);
        Assert.Equal(before, Live());
        var (small, large) = (Live(), 0L);
        using (Samples.Model(Samples.Spec(Mlp))) large = Live();
        Assert.True(large > small);
        Assert.Equal(small, Live());
    }

    [Fact]
    public void says_when_it_diverges()
    {
        var moons = Samples.Moons(64);
        using var model = Samples.Model(Samples.Spec(Mlp));
        Assert.IsType<TrainingOutcome.Diverged>(Train(model, moons, Plan with { LearningRate = 100, LocalSteps = 500, WeightDecay = 1 }));
        using var poisoned = Samples.Model(Samples.Spec(Mlp));
        var values = Shared(poisoned);
        values[3] = float.NaN;
        poisoned.LoadShared(values);
        Assert.Equal(new TrainingOutcome.Diverged(1), Train(poisoned, moons, Plan));
    }

    [Fact]
    public void trains_local_tensors_and_leaves_frozen_ones_and_buffers()
    {
        var spec = Samples.Spec(Mlp, ("layers.0.weight", TensorRole.Frozen), ("layers.1.bias", TensorRole.Buffer), ("layers.2.weight", TensorRole.Local), ("layers.2.bias", TensorRole.Local));
        using var model = Samples.Model(spec);
        Assert.Equal((16 + 256, 17 + 32 + 16), (model.SharedLength, model.LocalLength));
        var (before, after, shared) = (new float[65], new float[65], Shared(model));
        model.CopyLocal(before);
        Train(model, Samples.Moons(64), Plan with { WeightDecay = 0.1 });
        model.CopyLocal(after);
        Assert.Equal(before[17..], after[17..]);
        Assert.All(before[..17].Zip(after), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.All(shared.Zip(Shared(model)), pair => Assert.NotEqual(pair.First, pair.Second));

        using var again = Samples.Model(spec);
        again.LoadShared(Shared(model));
        again.LoadLocal(after);
        Assert.Equal(
            Evaluator.Evaluate(model, Samples.Moons(64), 64, CancellationToken.None), Evaluator.Evaluate(again, Samples.Moons(64), 64, CancellationToken.None));
    }

    [Fact]
    public void refuses_what_does_not_fit_before_libtorch_sees_it()
    {
        using var model = Samples.Model(Samples.Spec(Mlp));
        var moons = Samples.Moons(8);
        TrainingOutcome With(Examples examples, params int[] batch) =>
            Trainer.Train(model, examples, Plan with { LocalSteps = 1 }, new GivenBatches([[.. batch]]), [], null, CancellationToken.None);
        Assert.Throws<ArgumentException>(() => With(moons, 0, 8));
        Assert.Throws<ArgumentException>(() => With(moons, -1));
        Assert.Throws<ArgumentException>(() => With(moons));
        Assert.Throws<ArgumentException>(() => With(Samples.Bars(8), 0));
        Assert.Throws<ArgumentException>(() => With(moons with { Labels = [0, 1, 0, 1, 0, 1, 0, 2] }, 0));
        Assert.Throws<ArgumentException>(() => With(moons with { Count = 9 }, 0));
        Assert.Throws<ArgumentException>(() => model.LoadShared(new float[3]));
        Assert.Throws<ArgumentException>(() => Evaluator.Predict(model, new float[3], 1));
        Assert.IsType<TrainingOutcome.Trained>(With(moons, 0, 7));
    }

    [Fact]
    public void ends_between_two_steps_when_it_is_cancelled()
    {
        using var model = Samples.Model(Samples.Spec(Mlp));
        using var source = new CancellationTokenSource();
        var progress = new Watching(p => { if (p.Step == 3) source.Cancel(); });
        var before = torch.Tensor.TotalCount;
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(model, Samples.Moons(64), Plan, Batches(Samples.Moons(64), Plan), [], progress, source.Token));
        Assert.Equal(3, progress.Last!.Step);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private sealed class Watching(Action<TrainingProgress> see) : IProgress<TrainingProgress>
    {
        public TrainingProgress? Last { get; private set; }

        public void Report(TrainingProgress value)
        {
            Last = value;
            see(value);
        }
    }
}
