using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeepSeek.Federated.Sandbox.Progress;

/// <summary>What `dsfed study status --json` says of a study.</summary>
internal sealed record StudyView(
    string Study, string Phase, string Protection, string Strategy, int RoundsPlanned, IReadOnlyList<AnswerView> Answers, IReadOnlyList<RoundView> Rounds,
    IReadOnlyList<VersionView> Versions, long LedgerSize, string WaitingFor)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowReadingFromString };

    public bool Ended => Phase is "completed" or "stopped";

    /// <exception cref="SandboxFault">Not such a line.</exception>
    public static StudyView Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<StudyView>(line, Wire) ?? throw new JsonException("null");
        }
        catch (JsonException broken)
        {
            throw new SandboxFault($"dsfed printed a status that cannot be read: {broken.Message}");
        }
    }
}

/// <summary>A site's answer to the manifest: none, approved, or why not.</summary>
internal sealed record AnswerView(string Site, string Answer);

/// <summary>One round.</summary>
internal sealed record RoundView(
    int Number, string Kind, string Outcome, string Why, IReadOnlyList<string> Invited, IReadOnlyList<string> Consented, IReadOnlyList<string> Reported,
    IReadOnlyList<string> Used, IReadOnlyList<RefusedView> Refused, IReadOnlyList<string> Dropped, IReadOnlyList<string> Late, long OpenedUnixMs,
    long EndedUnixMs, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<FigureView> Figures)
{
    public bool Ended => EndedUnixMs > 0;

    public double Seconds => Ended ? (EndedUnixMs - OpenedUnixMs) / 1000.0 : 0;
}

/// <summary>A site that said no to a round.</summary>
internal sealed record RefusedView(string Site, string Reason);

/// <summary>A figure of one site, disclosed on purpose.</summary>
internal sealed record FigureView(string Site, string Figure, double Value);

/// <summary>One version of the line.</summary>
internal sealed record VersionView(int Round, string Version, string Content, string Parent);
