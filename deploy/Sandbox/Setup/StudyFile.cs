using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Sandbox.Setup;

/// <summary>The study's manifest, changed as the command line asks and read by the same reader as everywhere.</summary>
internal sealed record StudyFile(StudyManifest Manifest, string Yaml, long Seed)
{
    private const long DefaultSeed = 42;

    /// <summary>The folder `policies` as it was built with the sandbox.</summary>
    public static string Policies => Path.Combine(AppContext.BaseDirectory, "policies");

    /// <exception cref="SandboxFault">No such file, or not a lawful manifest.</exception>
    public static StudyFile Read(SandboxOptions options, int sites)
    {
        var path = File.Exists(options.Study) ? options.Study : Path.Combine(Policies, "studies", $"{options.Study}.yaml");
        if (!File.Exists(path)) throw new SandboxFault($"There is no study '{options.Study}'. Known by name: {string.Join(", ", Names())}; or give a manifest's path.");
        var root = YamlDocument.Read(File.ReadAllText(path)) switch
        {
            DocumentReading.Read read     => JsonNode.Parse(read.Root.GetRawText()) as JsonObject
                ?? throw new SandboxFault($"'{path}' is no manifest: it begins with a list or a bare value, where the keys apiVersion, kind, metadata and spec are expected."),
            DocumentReading.Malformed bad => throw new SandboxFault($"'{path}' is no manifest: {bad}"),
            _                             => throw new SandboxFault($"'{path}' cannot be read."),
        };
        var seed = Change(root, options, sites);
        using var changed = JsonDocument.Parse(root.ToJsonString());
        return ManifestReader.Read(changed.RootElement) switch
        {
            ManifestReading.Read({ Dataset.Derive: not null, Name: var name }) =>
                throw new SandboxFault($"The sandbox plays hospitals: it gives no transactions to '{name}'. Run such a study with agents that have their own."),
            ManifestReading.Read(var manifest) => new StudyFile(manifest, YamlDocument.Write(changed.RootElement), seed),
            ManifestReading.Faulty faulty      => throw new SandboxFault($"The manifest '{path}', changed as asked, is not lawful:\n  {string.Join("\n  ", faulty.Faults)}"),
            _                                  => throw new SandboxFault($"'{path}' cannot be read."),
        };
    }

    private static long Change(JsonNode root, SandboxOptions options, int sites)
    {
        // What is not there is for the reader to refuse: only objects that exist are changed.
        if (root["spec"] is not JsonObject spec) return options.Seed ?? DefaultSeed;
        if (options.Rounds is { } rounds && spec["rounds"] is JsonObject plan) plan["count"] = rounds;
        if (options.Strategy is { } strategy) spec["strategy"] = new JsonObject { ["kind"] = strategy };
        if (spec["cohort"] is JsonObject cohort && cohort["minimum"] is JsonValue minimum && minimum.TryGetValue<int>(out var least) && least > sites) cohort["minimum"] = sites;
        if (spec["model"] is not JsonObject model || model.ContainsKey("initialWeights")) return options.Seed ?? DefaultSeed;
        if (options.Seed is { } seed) model["seed"] = seed;
        return model["seed"] is JsonValue written && written.TryGetValue<long>(out var value) ? value : DefaultSeed;
    }

    private static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(Policies, "studies"), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order();
}
