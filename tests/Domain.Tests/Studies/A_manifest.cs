using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Domain.Tests.Studies;

public sealed class A_manifest
{
    [Fact]
    public void gives_a_model_whose_inputs_follow_from_its_dataset() =>
        Assert.Equal(new Architecture.Logistic(4, 1), Samples.Manifest().Model.Architecture);

    [Fact]
    public void is_named_by_its_canonical_document()
    {
        var manifest = Samples.Manifest();
        Assert.Equal(manifest, ((ManifestReading.Read)ManifestReader.ReadCanonical(manifest.Canonical.ToArray())).Manifest);
        Assert.NotEqual(manifest.Digest, Samples.Manifest(rounds: 3).Digest);
    }

    [Theory]
    [InlineData("spec.rounds.count", "0", "spec.rounds.count: must be a whole number from 1 to 100000.")]
    [InlineData("spec.rounds.deadline", "\"soon\"", "spec.rounds.deadline: must be a time from 5s to 30d, written like 30s, 10m, 2h or 1d.")]
    [InlineData("spec.training.learningRate", "\"NaN\"", "spec.training.learningRate: must be a number from 1E-12 to 100.")]
    [InlineData("spec.training.learningRate", "\"Infinity\"", "spec.training.learningRate: must be a number from 1E-12 to 100.")]
    [InlineData("spec.training.lokalSteps", "5", "spec.training.lokalSteps: unknown key; known here: batchSize, learningRate, localEpochs, localSteps, momentum, weightDecay.")]
    [InlineData("spec.protection", "\"none\"", "spec.protection: must be one of clear, masked, encrypted.")]
    [InlineData("spec.protection", "null", "spec.protection: is required: one of clear, masked, encrypted.")]
    [InlineData("spec.protection", "\"encrypted\"", "spec.protection: 'encrypted' is not in this version yet: only clear is, under which the coordinator can read single updates.")]
    [InlineData("spec.cohort.minimum", "1", "spec.cohort.minimum: must be a whole number from 2 to 10000.")]
    [InlineData("spec.cohort.sites", "[\"A b\"]", "spec.cohort.sites: 'A b' is not a site name: 1 to 40 characters of a-z, 0-9 and '-', beginning with a letter and not ending with '-'.")]
    [InlineData("spec.update.valueBits", "33", "spec.update.valueBits: must be a whole number from 8 to 32.")]
    [InlineData("spec.model.architecture.kind", "\"transformer\"", "spec.model.architecture.kind: 'transformer' is not an architecture of this version; known: logistic, mlp, cnn.")]
    [InlineData("spec.model.initialWeights", "\"abc\"", "spec.model.initialWeights: must be the SHA-256 of a safetensors file, 64 lower-case hex digits.")]
    [InlineData("spec.dataset.label.missing", "\"fill\"", "spec.dataset.label.missing: a label cannot be filled: use drop-row or refuse.")]
    [InlineData("spec.dataset.label.name", "\"age\"", "spec.dataset.columns: name a column twice, or the label among the features.")]
    [InlineData("spec.dataset.columns", "[{\"name\":\"cp\",\"kind\":\"category\",\"levels\":[1,\"1.0\"]}]", "spec.dataset.columns[0].levels: must be 2 to 10,000 different values.")]
    [InlineData("spec.dataset.columns", "[]", "spec.dataset.columns: must name at least one feature column.")]
    [InlineData("spec.dataset.columns", "7", "spec.dataset.columns: must be a list.")]
    [InlineData("spec.disclosures", "[\"accuracy\",\"accuracy\"]", "spec.disclosures: names a word twice.")]
    [InlineData("metadata.name", "\"Heart\"", "metadata.name: 'Heart' is not a study name: 1 to 40 characters of a-z, 0-9 and '-', beginning with a letter and not ending with '-'.")]
    [InlineData("apiVersion", "\"v2\"", "apiVersion: must be 'federated.deepseek.com/v1', not 'v2'.")]
    [InlineData("spec.strategy.kind", "\"fedsgd\"", "spec.strategy.kind: 'fedsgd' is not a strategy of this version; known: fedavg, fedavgm, fedprox, fedadam, fedyogi, fedadagrad, scaffold, fednova, ditto.")]
    [InlineData("spec.training.localEpochs", "2", "spec.training.localEpochs: stands beside 'localSteps': give one of them.")]
    [InlineData("spec.strategy.mu", "1", "spec.strategy.mu: unknown key; known here: kind, serverRate.")]
    public void is_refused_with_the_path_and_the_mend(string path, string value, string fault)
    {
        var document = Samples.Document();
        var keys = path.Split('.');
        JsonNode at = document;
        foreach (var key in keys[..^1])
        {
            at.AsObject().TryAdd(key, new JsonObject());
            at = at[key]!;
        }
        at[keys[^1]] = JsonNode.Parse(value);
        var faulty = Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(JsonSerializer.SerializeToElement(document)));
        Assert.Contains(fault, faulty.Faults);
    }

    [Theory]
    [InlineData("scaffold", "{\"localEpochs\":1,\"batchSize\":4,\"learningRate\":0.1}", "'scaffold' needs training.localSteps")]
    [InlineData("scaffold", "{\"localSteps\":1,\"batchSize\":4,\"learningRate\":0.1,\"momentum\":0.9}", "'scaffold' needs plain SGD")]
    [InlineData("fednova", "{\"localSteps\":1,\"batchSize\":4,\"learningRate\":0.1,\"momentum\":0.9}", "'fednova' needs plain SGD")]
    [InlineData("fednova", "{\"localEpochs\":10000,\"batchSize\":1,\"learningRate\":0.1}", "exceeds 2^47")]
    public void whose_strategy_does_not_go_with_its_training_is_refused(string strategy, string training, string fault)
    {
        var document = Samples.Document();
        document["spec"]!["strategy"] = new JsonObject { ["kind"] = strategy };
        document["spec"]!["training"] = JsonNode.Parse(training);
        var faulty = Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(JsonSerializer.SerializeToElement(document)));
        Assert.Contains(fault, Assert.Single(faulty.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void counts_the_steps_of_a_site_by_its_passes()
    {
        var plan = new TrainingPlan(0, 4, 0.1, 0, 0, LocalEpochs: 3);
        Assert.Equal([3L, 3, 6], new[] { 1, 4, 5 }.Select(plan.StepsOver));
        Assert.Equal(3L * int.MaxValue, (plan with { BatchSize = 1 }).StepsOver(int.MaxValue));
    }

    [Fact]
    public void that_asks_for_a_million_columns_again_and_again_costs_no_memory()
    {
        var document = Samples.Document();
        document["spec"]!["dataset"]!["columns"] = new JsonArray([.. Enumerable.Range(0, 4000).Select(i => JsonNode.Parse($$"""{"name":"c{{i}}","kind":"number","min":0,"max":1,"repeat":900000}"""))]);
        var json = JsonSerializer.SerializeToElement(document);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var faulty = Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(json));
        Assert.Contains("spec.dataset.columns: give more than 1000000 features.", faulty.Faults);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512L << 20);   // one entry's columns, not four thousand times as many
    }

    [Fact]
    public void whose_levels_differ_by_blanks_only_is_refused()
    {
        var document = Samples.Document();
        document["spec"]!["dataset"]!["columns"] = JsonNode.Parse("""[{"name":"cp","kind":"category","levels":["yes","yes "]}]""");
        var faulty = Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(JsonSerializer.SerializeToElement(document)));
        Assert.Contains("spec.dataset.columns[0].levels: must be 2 to 10,000 different values.", faulty.Faults);
    }

    [Fact]
    public void tells_all_its_faults_at_once()
    {
        var faulty = Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(JsonSerializer.SerializeToElement(new JsonObject())));
        Assert.True(faulty.Faults.Length > 8, string.Join("\n", faulty.Faults));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void is_a_mapping(string json) =>
        Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(JsonDocument.Parse(json).RootElement));

    [Fact]
    public void of_an_image_study_names_its_pixels_in_one_line()
    {
        var document = Samples.Document();
        document["spec"]!["dataset"]!["columns"] = JsonNode.Parse("""[{"name":"pixel","kind":"number","min":0,"max":255,"repeat":784}]""");
        document["spec"]!["model"]!["architecture"] = JsonNode.Parse("""{"kind":"cnn","height":28,"width":28,"filters":[32,64],"hidden":128}""");
        var manifest = Samples.Read(document);
        Assert.Equal(784, manifest.Dataset.FeatureCount);
        Assert.Equal("pixel783", manifest.Dataset.Columns[^1].Name);
        Assert.IsType<Architecture.Cnn>(manifest.Model.Architecture);
        Assert.IsType<FeatureColumn.Number>(manifest.Dataset.Columns[0]);
    }
}
