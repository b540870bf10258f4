using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>One line of the egress ledger: what was about to leave, written before it left.</summary>
/// <param name="Index">From 0.</param>
/// <param name="At">By this machine's clock.</param>
/// <param name="Kind">What it is, such as <c>statement</c> or <c>blob-piece</c>; <c>torn-line</c> closes a line that a crash cut short.</param>
/// <param name="Destination">Method, host and path.</param>
/// <param name="Study">The study it belongs to, where there is one.</param>
/// <param name="Round">The round, where there is one.</param>
/// <param name="Bytes">Bytes of the body.</param>
/// <param name="Body">SHA-256 of the body.</param>
/// <param name="Kept">Where the body lies, relative to the egress folder: a file, <c>FILE@OFFSET</c>, or <c>inline:BASE64</c>; absent when it is empty or holds a secret.</param>
/// <param name="Previous">SHA-256 of the line before; zeros for the first.</param>
public sealed record EgressEntry(
    long Index, DateTimeOffset At, string Kind, string Destination, StudyId? Study, int? Round, long Bytes, Digest Body, string? Kept, Digest Previous)
{
    public const string TornLine = "torn-line";

    /// <summary>Before a short body that stands in the line itself, in base64.</summary>
    public const string Inline = "inline:";

    /// <summary>Most bytes of such a body.</summary>
    public const int LongestInline = 64;

    /// <summary>The canonical line, without its newline.</summary>
    public byte[] Line()
    {
        var line = new JsonObject
        {
            ["at"] = LedgerTime.Text(At), ["body"] = Body.ToString(), ["bytes"] = Bytes, ["destination"] = Destination, ["index"] = Index,
            ["kind"] = Kind, ["previous"] = Previous.ToString(),
        };
        if (Study is { } study) line["study"] = study.Value;
        if (Round is { } round) line["round"] = round;
        if (Kept is { } kept) line["kept"] = kept;
        return CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(line.ToJsonString()));
    }

    /// <summary>Reads a line; null when it is none.</summary>
    public static EgressEntry? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = CanonicalJson.ParseCanonical(line);
            var o = document.RootElement;
            return new EgressEntry(
                o.GetProperty("index").GetInt64(), LedgerTime.Parse(o.GetProperty("at").GetString()), o.GetProperty("kind").GetString()!,
                o.GetProperty("destination").GetString()!, o.TryGetProperty("study", out var s) ? new StudyId(s.GetString()!) : null,
                o.TryGetProperty("round", out var r) ? r.GetInt32() : null, o.GetProperty("bytes").GetInt64(), Digest.Parse(o.GetProperty("body").GetString()!),
                o.TryGetProperty("kept", out var k) ? k.GetString() : null, Digest.Parse(o.GetProperty("previous").GetString()!));
        }
        catch (Exception broken) when (broken is FormatException or KeyNotFoundException or InvalidOperationException or JsonException)
        {
            return null;
        }
    }
}
