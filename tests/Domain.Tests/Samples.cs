using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Domain.Tests;

internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly StudyId Heart = new("heart");
    public static readonly SiteId[] Hospitals = [new("aachen"), new("bonn"), new("celle"), new("dresden")];
    public static readonly SiteId Stranger = new("stranger");
    public static readonly ImmutableSortedDictionary<SiteId, string> Members = Hospitals.ToImmutableSortedDictionary(s => s, s => $"ed25519:{s}");

    public static JsonObject Document(int rounds = 2, int minimum = 2) => JsonNode.Parse($$"""
        {
          "apiVersion": "federated.deepseek.com/v1", "kind": "Study",
          "metadata": { "name": "heart", "purpose": "to test" },
          "spec": {
            "model": { "architecture": { "kind": "logistic" }, "seed": 1 },
            "dataset": {
              "name": "heart",
              "columns": [ { "name": "age", "kind": "number", "min": 0, "max": 120 }, { "name": "cp", "kind": "category", "levels": [1, 2, 3, 4] } ],
              "label": { "name": "num", "kind": "binary" }, "split": { "kind": "every", "testFraction": "0.25" }
            },
            "training": { "localSteps": 10, "batchSize": 4, "learningRate": "0.001" },
            "protection": "clear",
            "rounds": { "count": {{rounds}}, "deadline": "10m", "maxFailures": 2 },
            "cohort": { "minimum": {{minimum}}, "patience": "1m" }
          }
        }
        """)!.AsObject();

    public static StudyManifest Manifest(int rounds = 2, int minimum = 2) => Read(Document(rounds, minimum));

    public static StudyManifest Read(JsonNode document) =>
        ((ManifestReading.Read)ManifestReader.Read(JsonSerializer.SerializeToElement(document))).Manifest;

    public static Digest Hash(string of) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(of));

    public static VersionPublished Version(int round, Digest? parent) => new(
        Heart, round, Hash($"v{round}"), Hash($"c{round}"), parent, Hash($"s{round}"), 10, parent is null ? null : Hash($"d{round}"), parent is null ? 0 : 5, Hash($"m{round}"));

    public static UpdateAccepted Update(SiteId site, RoundOpened round, string blob = "blob", int attempt = 1) => new(
        Heart, round.Round, attempt, site, round.BaseVersion, Hash($"{blob}{site}"), 100, Hash("chunks"), [], "signature");
}
