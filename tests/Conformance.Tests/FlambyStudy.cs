using System.Collections.Immutable;
using System.Globalization;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Conformance.Tests;

/// <summary>The documents of a study that repeats a run of FLamby.</summary>
internal static class FlambyStudy
{
    /// <summary>The smallest and the default width of an update's value that are compared.</summary>
    public static readonly ImmutableArray<int> Widths = [16, 32];

    public static string Manifest(GoldenRun run, int valueBits, Digest? weights) => string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: federated.deepseek.com/v1
        kind: Study
        metadata:
          name: {{run.Study(valueBits)}}
          purpose: To repeat a run of FLamby's Fed-Heart-Disease through the real protocol.
        spec:
          model:
            architecture: {kind: logistic}
            {{(weights is { } digest ? $"initialWeights: {digest}" : "seed: 1")}}
          dataset:
            name: heart-disease
            columns:
              - {name: age, kind: number, min: 0, max: 120}
              - {name: sex, kind: number, min: 0, max: 1}
              - {name: trestbps, kind: number, min: 0, max: 300}
              - {name: chol, kind: number, min: 0, max: 1000}
              - {name: fbs, kind: number, min: 0, max: 1}
              - {name: thalach, kind: number, min: 0, max: 300}
              - {name: exang, kind: number, min: 0, max: 1}
              - {name: oldpeak, kind: number, min: -10, max: 10}
              - {name: cp, kind: category, levels: [1, 2, 3, 4]}
              - {name: restecg, kind: category, levels: [0, 1, 2]}
            label: {name: num, kind: binary}
            split: {kind: column, name: set}
          training: {localSteps: 100, batchSize: 4, learningRate: {{run.Plan.LearningRate}}}
          update: {valueBits: {{valueBits}}, range: 1, weightCap: 200}
          protection: clear
          strategy: {{run.Plan.Strategy}}
          rounds: {count: {{GoldenRuns.Rounds}}, deadline: 10m}
          cohort: {minimum: 4, patience: 10m}
          disclosures: [accuracy]
        """);

    /// <summary>The manifest as its law reads it.</summary>
    public static StudyManifest Read(GoldenRun run, int valueBits, Digest? weights = null) =>
        ((ManifestReading.Read)ManifestReader.Read(((DocumentReading.Read)YamlDocument.Read(Manifest(run, valueBits, weights))).Root)).Manifest;

    public static string Data(string table) => $"""
        apiVersion: federated.deepseek.com/v1
        kind: SiteData
        spec:
          datasets:
            - name: heart-disease
              connector: csv
              path: {table}
        """;

    public static string Policy(IEnumerable<GoldenRun> runs) => $"""
        apiVersion: federated.deepseek.com/v1
        kind: SitePolicy
        metadata:
          name: conformance
        spec:
          expires: 2099-12-31
          studies: [{string.Join(", ", from run in runs from width in Widths select $"{{name: {run.Study(width)}, approval: automatic}}")}]
          protections: [clear]
          minimumParticipants: 4
          minimumRows: 10
          mostRounds: 50
          mostLocalSteps: 1000
          mostBytesPerRound: 10000
          disclose: [accuracy]
        """;
}
