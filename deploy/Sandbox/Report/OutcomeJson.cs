using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepSeek.Federated.Sandbox.Report;

/// <summary>The file that `--json` writes.</summary>
internal static class OutcomeJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(Outcome outcome)
    {
        var study = outcome.Study;
        return new JsonObject
        {
            ["study"] = study.Study,
            ["data"] = outcome.Synthetic ? "synthetic" : "real",
            ["strategy"] = study.Strategy,
            ["protection"] = study.Protection,
            ["phase"] = study.Phase,
            ["seed"] = outcome.Seed,
            ["wallSeconds"] = Math.Round(outcome.WallSeconds, 3),
            ["rounds"] = List(study.Rounds, r => new JsonObject
            {
                ["number"] = r.Number,
                ["kind"] = r.Kind,
                ["outcome"] = r.Outcome,
                ["invited"] = List(r.Invited, s => JsonValue.Create(s)),
                ["used"] = List(r.Used, s => JsonValue.Create(s)),
                ["refused"] = List(r.Refused, s => new JsonObject { ["site"] = s.Site, ["reason"] = s.Reason }),
                ["dropped"] = List(r.Dropped, s => JsonValue.Create(s)),
                ["late"] = List(r.Late, s => JsonValue.Create(s)),
                ["seconds"] = Math.Round(r.Seconds, 3),
            }),
            ["versions"] = List(study.Versions, v => new JsonObject
            {
                ["digest"] = v.Version,
                ["parent"] = v.Parent.Length > 0 ? v.Parent : null,
                ["content"] = v.Content,
                ["round"] = v.Round,
            }),
            ["metrics"] = Metrics(outcome.Scores),
            ["ledger"] = new JsonObject { ["size"] = outcome.Ledger.Size, ["rootHash"] = outcome.Ledger.RootHash, ["verified"] = outcome.Ledger.Verified },
            ["coordinator"] = Used(outcome.Coordinator),
            ["agents"] = new JsonObject(outcome.Agents.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)Used(a.Value)))),
        }.ToJsonString(Indented);
    }

    private static JsonObject Metrics(Scores scores)
    {
        JsonObject Sites(Func<SiteScores, double?> figure) => new(scores.Sites.Select(s => KeyValuePair.Create(s.Site, (JsonNode?)figure(s))));
        return new JsonObject
        {
            ["pooledTestAccuracy"] = scores.Pooled.Federated,
            ["sites"] = Sites(s => s.Federated),
            ["pooledNormalisedTestAccuracy"] = scores.Pooled.PooledNormalised,
            ["testRows"] = new JsonObject(scores.Sites.Select(s => KeyValuePair.Create(s.Site, (JsonNode?)s.Rows))),
            ["computedInSandbox"] = new JsonObject
            {
                ["before"] = new JsonObject { ["pooledTestAccuracy"] = scores.Pooled.Before, ["sites"] = Sites(s => s.Before) },
                ["alone"] = new JsonObject { ["pooledTestAccuracy"] = scores.Pooled.Alone, ["sites"] = Sites(s => s.Alone) },
                ["aloneEverywhere"] = new JsonObject { ["sites"] = Sites(s => s.Everywhere) },
                ["pooled"] = new JsonObject { ["pooledTestAccuracy"] = scores.Pooled.Pooled, ["sites"] = Sites(s => s.Pooled) },
            },
        };
    }

    private static JsonObject Used(ProcessView process) => new() { ["cpuSeconds"] = process.CpuSeconds, ["peakRssBytes"] = process.PeakRssBytes };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> form) => new([.. items.Select(form)]);
}
