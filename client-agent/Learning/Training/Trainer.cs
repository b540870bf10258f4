using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepSeek.Federated.Learning.Training;

/// <summary>Trains a model on a site's examples: what one site does in one round.</summary>
public static class Trainer
{
    /// <summary>Takes the plan's steps over these rows. Runs on the calling thread and never yields it: libtorch's settings are by thread.</summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="examples">Training rows; read in place.</param>
    /// <param name="plan">Steps, rate, momentum, decay. The batch size is that of <paramref name="batches"/>.</param>
    /// <param name="batches">Which rows; moved on.</param>
    /// <param name="terms">What the study's strategy adds to the gradient.</param>
    /// <param name="progress">Told about a hundred times.</param>
    /// <param name="cancellationToken">Ends training between two steps; the model is then of no use.</param>
    /// <exception cref="ArgumentException">Examples or batches do not fit the model.</exception>
    /// <remarks>The same values, examples, batches, CPU kind and number of threads give the same bits.</remarks>
    public static TrainingOutcome Train(
        SiteModel model, Examples examples, TrainingPlan plan, IBatchSequence batches, IReadOnlyList<GradientTerm> terms, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        TorchRuntime.EnterThread();
        using var gradients = enable_grad();
        using var data = new ExampleTensors(examples, model);
        using var descent = new FlatSgd(model, plan, terms);
        var steps = checked((int)plan.StepsOver(examples.Count));
        var (lossSum, tellEvery) = (0.0, Math.Max(1, steps / 100));
        for (var step = 1; step <= steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var loss = Step(model, data, descent, Checked(batches.Next(), examples.Count));
            if (!double.IsFinite(loss)) return new TrainingOutcome.Diverged(step);
            lossSum += loss;
            if (step % tellEvery == 0 || step == steps) progress?.Report(new(step, steps, loss));
        }
        return AreFinite(model.Values)
            ? new TrainingOutcome.Trained(batches.State, lossSum / Math.Max(1, steps), steps)
            : new TrainingOutcome.Diverged(steps);
    }

    private static double Step(SiteModel model, ExampleTensors data, FlatSgd descent, long[] rows)
    {
        // Without a scope of its own every step would leave its tensors to a garbage collector that does not see them.
        using var scope = NewDisposeScope();
        var index = tensor(rows);
        var loss = data.Loss(model.Forward(data.Features.index_select(0, index)), data.Labels.index_select(0, index), nn.Reduction.Mean);
        descent.Step(loss);
        return loss.item<float>();
    }

    private static long[] Checked(ReadOnlySpan<int> batch, int rows)
    {
        // Checked here, because an error within libtorch may end the process.
        if (batch.IsEmpty || batch.ContainsAnyExceptInRange(0, rows - 1)) throw new ArgumentException($"A batch is empty or names a row outside 0 to {rows - 1}.", nameof(batch));
        var indices = new long[batch.Length];
        for (var i = 0; i < indices.Length; i++) indices[i] = batch[i];
        return indices;
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values) if (!float.IsFinite(value)) return false;
        return true;
    }
}
