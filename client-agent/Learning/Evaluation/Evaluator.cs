using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepSeek.Federated.Learning.Evaluation;

/// <summary>Runs a model without changing it, a batch at a time. On the calling thread.</summary>
public static class Evaluator
{
    /// <summary>Counts and sums over <paramref name="examples"/>; none give zeros.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">Rows and labels; read in place.</param>
    /// <param name="batchSize">Rows at a time, at least 1: bounds the memory.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="ArgumentException">The examples do not fit the model.</exception>
    public static Evaluation Evaluate(SiteModel model, Examples examples, int batchSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (examples.Count == 0) return new(0, 0, 0);
        TorchRuntime.EnterThread();
        using var still = no_grad();
        using var data = new ExampleTensors(examples, model);
        var (correct, loss) = (0L, 0.0);
        for (var at = 0; at < examples.Count; at += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(batchSize, examples.Count - at);
            var logits = model.Forward(Aligned(data.Features, at, count));
            var labels = data.Labels.narrow(0, at, count);
            correct += data.Correct(logits, labels).item<long>();
            loss += data.Loss(logits, labels, nn.Reduction.Sum).item<float>();
        }
        return new(examples.Count, correct, loss);
    }

    /// <summary>Probabilities of rows whose label nobody knows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">Rows of the model's width, row-major, normalised as in training; read in place.</param>
    /// <param name="batchSize">Rows at a time, at least 1.</param>
    /// <returns>Shape [rows, Outputs]: of 1 for a binary label, of each class otherwise.</returns>
    /// <exception cref="ArgumentException">Not a whole number of rows.</exception>
    public static float[] Predict(SiteModel model, float[] features, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (features.Length % model.Inputs != 0) throw new ArgumentException($"{features.Length} values are no whole number of rows of {model.Inputs}.", nameof(features));
        var rows = features.Length / model.Inputs;
        var probabilities = new float[checked(rows * model.Outputs)];
        if (rows == 0) return probabilities;
        TorchRuntime.EnterThread();
        using var still = no_grad();
        using var all = NewDisposeScope();
        var table = frombuffer(features, ScalarType.Float32).view(rows, model.Inputs);
        for (var at = 0; at < rows; at += batchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(batchSize, rows - at);
            var logits = model.Forward(Aligned(table, at, count));
            var batch = model.Outputs == 1 ? logits.sigmoid() : nn.functional.softmax(logits, 1);
            batch.contiguous().data<float>().CopyTo(probabilities.AsSpan(at * model.Outputs, count * model.Outputs));
        }
        return probabilities;
    }

    /// <summary>A batch in libtorch's own memory: its matrix kernels give other last bits for rows that lie differently to a cache line.</summary>
    private static Tensor Aligned(Tensor rows, long at, long count) => rows.narrow(0, at, count).clone();
}
