using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Processes;
using DeepSeek.Federated.Sandbox.Progress;

namespace DeepSeek.Federated.Sandbox.Setup;

/// <summary>One site: its folder, its agent, and the steward's part, which the sandbox plays.</summary>
internal sealed class LocalSite(SiteTable table, Place place, Household household, Board board)
{
    private const string Steward = "sandbox";

    public string Name => table.Site;

    /// <summary>What a site's agent is called among the processes.</summary>
    public static string ProcessOf(string site) => $"agent-{site}";

    /// <summary>Makes the site's folder, identity and certificate; gives the line by which others know it.</summary>
    public async Task<string> Enrol(string url, string token, long seed, CancellationToken cancellationToken)
    {
        var output = await household.Call(Executables.Agent, ["enroll", url, token, "--seed", $"{seed}"], place.Environment(Name), cancellationToken);
        return output.Split('\n').FirstOrDefault(l => l.StartsWith($"{Name}=", StringComparison.Ordinal))
            ?? throw new SandboxFault($"The agent of '{Name}' enrolled without telling its identity; it said: {output}");
    }

    /// <summary>Confirms the identities of all sites: in a real federation by telephone, here by one and the same hand.</summary>
    public Task Confirm(string identities, CancellationToken cancellationToken) =>
        household.Call(Executables.Agent, ["roster", "confirm", identities, "--by", Steward], place.Environment(Name), cancellationToken);

    /// <summary>Policy and data are put in place; then the agent runs.</summary>
    public void Open(StudyManifest manifest)
    {
        File.WriteAllText(Path.Combine(place.Site(Name), "policy.yaml"), Policy(manifest));
        File.WriteAllText(Path.Combine(place.Site(Name), "data.yaml"), Data(manifest));
        household.Start(ProcessOf(Name), Executables.Agent, ["run", "--progress", "json"], place.Environment(Name), line => board.Take(Name, line));
    }

    /// <summary>The profile `research`, with this study approved by the policy itself.</summary>
    private string Policy(StudyManifest manifest)
    {
        var profile = (DocumentReading.Read)YamlDocument.Read(File.ReadAllText(Path.Combine(StudyFile.Policies, "profiles", "research.yaml")));
        var policy = JsonNode.Parse(profile.Root.GetRawText())!;
        policy["metadata"]!["name"] = $"sandbox-{Name}";
        policy["spec"]!["studies"] = new JsonArray(new JsonObject { ["name"] = manifest.Name.Value, ["approval"] = "automatic" });
        return Yaml(policy);
    }

    private string Data(StudyManifest manifest) => Yaml(new JsonObject
    {
        ["apiVersion"] = ManifestReader.ApiVersion,
        ["kind"] = "SiteData",
        ["spec"] = new JsonObject
        {
            ["datasets"] = new JsonArray(table.Entry(manifest.Dataset.Name)),
        },
    });

    private static string Yaml(JsonNode document)
    {
        using var read = JsonDocument.Parse(document.ToJsonString());
        return YamlDocument.Write(read.RootElement);
    }
}
