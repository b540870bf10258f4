using System.Security.Cryptography;
using System.Text;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Training;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Sandbox.Comparison;

/// <summary>Trains and tests models of one study on one thread, with the agents' own code.</summary>
internal sealed class Laboratory : IDisposable
{
    private const int TestBatch = 4096;
    private readonly StudyManifest _manifest;
    private readonly long _seed;
    private readonly SiteModel _model;
    private readonly float[] _first, _newest;

    /// <param name="manifest">The study.</param>
    /// <param name="seed">Of the order of rows.</param>
    /// <param name="first">Safetensors of the initial version.</param>
    /// <param name="newest">Safetensors of the last one.</param>
    public Laboratory(StudyManifest manifest, long seed, string first, string newest)
    {
        (_manifest, _seed, _model) = (manifest, seed, new SiteModel(manifest.Model));
        // Tensors that stay at a site have no common start when weights came from a file: here they begin at zero.
        if (_model.LocalLength > 0 && manifest.Model.Start is InitialWeights.FromBlob) _model.LoadLocal(new float[_model.LocalLength]);
        (_first, _newest) = (Load(first), Load(newest));
    }

    /// <summary>A model that begins with the initial version and sees these rows only.</summary>
    public float[] Train(string name, Examples rows, int steps, CancellationToken cancellationToken)
    {
        _model.LoadShared(_first);
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes($"sandbox comparison/{name}/{_seed}"));
        var batches = new SeededBatches(seed, rows.Count, _manifest.Training.BatchSize, default);
        if (Trainer.Train(_model, rows, _manifest.Training with { LocalSteps = Math.Max(1, steps), LocalEpochs = 0 }, batches, [], null, cancellationToken) is TrainingOutcome.Diverged diverged)
            throw new SandboxFault($"The comparison '{name}' diverged at step {diverged.Step}: the learning rate is too large for it.");
        var trained = new float[_model.SharedLength];
        _model.CopyShared(trained);
        return trained;
    }

    /// <summary>How many rows a model classifies rightly.</summary>
    public long Right(float[] values, Examples rows, CancellationToken cancellationToken)
    {
        _model.LoadShared(values);
        return Evaluator.Evaluate(_model, rows, TestBatch, cancellationToken).Correct;
    }

    /// <summary>The same of the initial version.</summary>
    public long Before(Examples rows, CancellationToken cancellationToken) => Right(_first, rows, cancellationToken);

    /// <summary>The same of the newest version.</summary>
    public long After(Examples rows, CancellationToken cancellationToken) => Right(_newest, rows, cancellationToken);

    public void Dispose() => _model.Dispose();

    private float[] Load(string path)
    {
        using var stream = File.OpenRead(path);
        var file = SafetensorsFile.Open(stream);
        var values = new float[_model.SharedLength];
        foreach (var slot in _model.Layout.Shared) file.ReadFloats(slot.Name, 0, values.AsSpan((int)slot.Offset, (int)slot.Length));
        return values;
    }
}
