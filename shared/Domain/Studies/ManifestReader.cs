using System.Collections.Immutable;
using System.Text.Json;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Domain.Studies;

/// <summary>What reading a manifest gives.</summary>
public abstract record ManifestReading
{
    private ManifestReading() { }

    /// <summary>A lawful manifest.</summary>
    public sealed record Read(StudyManifest Manifest) : ManifestReading;

    /// <summary>Every fault found, each with its path and its mend.</summary>
    public sealed record Faulty(ImmutableArray<string> Faults) : ManifestReading;
}

/// <summary>Reads a study manifest (<c>apiVersion: federated.deepseek.com/v1</c>, <c>kind: Study</c>). Defaults are part of v1 and never change.</summary>
public static class ManifestReader
{
    /// <summary>The version of the document format.</summary>
    public const string ApiVersion = "federated.deepseek.com/v1";

    /// <summary>Longest canonical manifest, in bytes.</summary>
    public const int LongestDocument = 512 * 1024;

    /// <summary>Reads canonical bytes, as they stand in the ledger.</summary>
    public static ManifestReading ReadCanonical(ReadOnlyMemory<byte> canonical)
    {
        if (canonical.Length > LongestDocument) return new ManifestReading.Faulty([$"document: longer than {LongestDocument} bytes."]);
        try
        {
            using var document = CanonicalJson.ParseCanonical(canonical);
            return Read(document.RootElement);
        }
        catch (FormatException broken)
        {
            return new ManifestReading.Faulty([$"document: {broken.Message}"]);
        }
    }

    /// <summary>Reads a document that a person wrote, brought into JSON.</summary>
    public static ManifestReading Read(JsonElement root)
    {
        var faults = new List<string>();
        var reader = new DocumentReader(root, faults);
        reader.Exactly("apiVersion", ApiVersion);
        reader.Exactly("kind", "Study");
        var metadata = reader.Object("metadata");
        var name = metadata.Text("name", 40);
        if (!Slug.Is(name)) metadata.Fault("name", $"'{name}' is not a study name: {Slug.Rule}");
        var (title, purpose) = (metadata.Text("title", 120, name), metadata.Text("purpose", 2000));
        metadata.Finish();

        var spec = reader.Object("spec");
        var dataset = DatasetReader.Read(spec.Object("dataset"));
        var (training, update) = (ReadTraining(spec.Object("training")), ReadUpdate(spec.Object("update")));
        var manifest = new
        {
            Model = ReadModel(spec.Object("model"), dataset),
            Training = training,
            Update = update,
            Protection = ReadProtection(spec),
            Strategy = StrategyReader.Read(spec.Object("strategy"), training, update),
            Rounds = ReadRounds(spec.Object("rounds")),
            Cohort = ReadCohort(spec.Object("cohort")),
            Disclosures = spec.WordList<Figure>("disclosures"),
        };
        spec.Finish();
        reader.Finish();
        if (faults.Count > 0 || dataset is null || manifest.Model is null) return new ManifestReading.Faulty([.. faults]);
        return new ManifestReading.Read(new StudyManifest(
            new StudyId(name), title, purpose, manifest.Model, dataset, manifest.Training, manifest.Update, manifest.Protection, manifest.Strategy,
            manifest.Rounds, manifest.Cohort, manifest.Disclosures) { Canonical = [.. CanonicalJson.Write(root)] });
    }

    private static ModelSpec? ReadModel(DocumentReader model, DatasetContract? dataset)
    {
        var architecture = dataset is null ? null : ArchitectureReader.Read(model.Object("architecture"), dataset.FeatureCount, dataset.Label.Outputs);
        var gridBits = (int)model.Integer("gridBits", 0, 30, 20);
        InitialWeights start = new InitialWeights.Seeded(model.Integer("seed", 0, long.MaxValue, 0));
        if (model.Has("initialWeights"))
        {
            if (model.Has("seed")) model.Fault("initialWeights", "stands beside 'seed': give one of them");
            if (Digest.TryParse(model.Text("initialWeights", 64), out var digest)) start = new InitialWeights.FromBlob(digest);
            else model.Fault("initialWeights", "must be the SHA-256 of a safetensors file, 64 lower-case hex digits");
        }
        var roles = model.Objects("roles", role =>
            new { Tensor = role.Text("tensor", 200), Role = role.Word<TensorRole>("role") });
        if (roles.Select(r => r.Tensor).Distinct().Count() != roles.Length) model.Fault("roles", "names a tensor twice");
        if (start is InitialWeights.FromBlob && !roles.IsEmpty) model.Fault("roles", "stand beside 'initialWeights': a file of shared tensors gives tensors that stay at a site no start; use 'seed'");
        model.Finish();
        return architecture is null ? null : new ModelSpec(
            architecture, start, gridBits, roles.DistinctBy(r => r.Tensor).ToImmutableSortedDictionary(r => r.Tensor, r => r.Role, StringComparer.Ordinal));
    }

    private static Protection ReadProtection(DocumentReader spec)
    {
        var protection = spec.Word<Protection>("protection");
        // Nothing weaker is ever used in place of what was asked for.
        if (protection != Protection.Clear) spec.Fault("protection", $"'{Words.Of(protection)}' is not in this version yet: only clear is, under which the coordinator can read single updates");
        return protection;
    }

    private static TrainingPlan ReadTraining(DocumentReader training)
    {
        var byEpochs = training.Has("localEpochs");
        if (byEpochs && training.Has("localSteps")) training.Fault("localEpochs", "stands beside 'localSteps': give one of them");
        var plan = new TrainingPlan(
            byEpochs ? 0 : (int)training.Integer("localSteps", 1, 1_000_000), (int)training.Integer("batchSize", 1, 65_536),
            training.Number("learningRate", 1e-12, 100), training.Number("momentum", 0, 0.9999, 0), training.Number("weightDecay", 0, 1, 0),
            byEpochs ? (int)training.Integer("localEpochs", 1, 10_000) : 0);
        training.Finish();
        return plan;
    }

    private static UpdatePlan ReadUpdate(DocumentReader update)
    {
        var plan = new UpdatePlan(
            (int)update.Integer("valueBits", 8, 32, 16), update.Number("range", 1e-9, 1e9, 1), (int)update.Integer("weightCap", 1, 1_000_000, 1000));
        update.Finish();
        return plan;
    }

    private static RoundsPlan ReadRounds(DocumentReader rounds)
    {
        var plan = new RoundsPlan(
            (int)rounds.Integer("count", 1, 100_000),
            rounds.Duration("deadline", TimeSpan.FromSeconds(5), TimeSpan.FromDays(30), TimeSpan.FromMinutes(10)),
            (int)rounds.Integer("maxFailures", 1, 1000, 3));
        rounds.Finish();
        return plan;
    }

    private static CohortPlan ReadCohort(DocumentReader cohort)
    {
        var plan = new CohortPlan(
            cohort.Sites("sites"), (int)cohort.Integer("minimum", 2, 10_000, 3),
            cohort.Duration("patience", TimeSpan.Zero, TimeSpan.FromDays(30), TimeSpan.FromMinutes(5)));
        if (!plan.Sites.IsEmpty && plan.Sites.Length < plan.Minimum) cohort.Fault("sites", $"names {plan.Sites.Length} sites, fewer than the minimum of {plan.Minimum}");
        cohort.Finish();
        return plan;
    }
}
