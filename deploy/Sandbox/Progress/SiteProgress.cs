using System.Globalization;
using System.Text.Json;

namespace DeepSeek.Federated.Sandbox.Progress;

/// <summary>What one agent is doing, as its `--progress json` lines say.</summary>
/// <param name="Kind">The kind of the last line, for people: training, uploading, ...</param>
/// <param name="Round">The round, 0 before the first.</param>
/// <param name="Step">Local steps done.</param>
/// <param name="Steps">Local steps to do.</param>
/// <param name="Loss">Training loss of the site, which only its own terminal and this sandbox see.</param>
internal sealed record SiteProgress(string Kind, int Round, int Step, int Steps, double? Loss)
{
    public static SiteProgress Starting { get; } = new("starting", 0, 0, 0, null);

    /// <summary>The progress after a line; what is no such line changes nothing.</summary>
    public SiteProgress After(string line)
    {
        if (!line.StartsWith('{')) return this;
        try
        {
            using var document = JsonDocument.Parse(line);
            var said = document.RootElement;
            var round = (int)(Number(said, "round") ?? Round);
            var step = Number(said, "step");
            return new SiteProgress(
                said.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString()! : Kind,
                round, (int)(step ?? (round == Round ? Step : 0)), (int)(Number(said, "steps") ?? Steps), Number(said, "loss") ?? Loss);
        }
        catch (JsonException)
        {
            return this;
        }
    }

    private static double? Number(JsonElement said, string key) => !said.TryGetProperty(key, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
