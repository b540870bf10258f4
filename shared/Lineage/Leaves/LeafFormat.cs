using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>The bytes of a leaf. Whatever <see cref="Decode"/> accepts, <see cref="Encode"/> writes again bit for bit.</summary>
internal static class LeafFormat
{
    private static readonly JsonWriterOptions Loose = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Encode(Leaf leaf)
    {
        Check(leaf);
        var json = new ArrayBufferWriter<byte>(leaf.Body.Length + 400);
        using (var writer = new Utf8JsonWriter(json, Loose))
        {
            // RFC 8785 sorts the keys: this order is part of the format.
            writer.WriteStartObject();
            writer.WriteString("actor", leaf.Actor);
            writer.WriteString("at", LedgerTime.Text(leaf.At));
            writer.WritePropertyName("body");
            writer.WriteRawValue(leaf.Body.AsSpan());
            if (leaf.Private is { } commitment) writer.WriteString("private", commitment.ToString());
            writer.WriteString("sequence", leaf.Sequence.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("stream", leaf.Stream);
            writer.WriteString("type", leaf.Type);
            writer.WriteNumber("v", leaf.Version);
            writer.WriteEndObject();
        }
        var bytes = json.WrittenSpan.ToArray();
        if (bytes.Length > Leaf.LargestLength) throw new FormatException($"A leaf has at most {Leaf.LargestLength} bytes, not {bytes.Length}.");
        CanonicalJson.ParseCanonical(bytes).Dispose();
        return bytes;
    }

    internal static Leaf Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Leaf.LargestLength) throw new FormatException($"A leaf has at most {Leaf.LargestLength} bytes, not {bytes.Length}.");
        using var document = CanonicalJson.ParseCanonical(bytes);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("A leaf is a JSON object.");
        var fields = document.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        JsonElement? commitment = fields.Remove("private", out var found) ? found : null;
        var leaf = new Leaf(
            Take(fields, "stream"), Sequence(Take(fields, "sequence")), LedgerTime.Parse(Take(fields, "at")), Take(fields, "actor"),
            Take(fields, "type"), Version(TakeValue(fields, "v")), [.. CanonicalJson.Write(TakeValue(fields, "body"))],
            commitment is { } digest ? Digest.Parse(Text("private", digest)) : null);
        if (fields.Count > 0) throw new FormatException($"A leaf has no field '{fields.Keys.First()}'.");
        Check(leaf);
        return leaf;
    }

    private static void Check(Leaf leaf)
    {
        Bound("stream", leaf.Stream, 200, "abcdefghijklmnopqrstuvwxyz0123456789-/");
        Bound("type", leaf.Type, 80, "abcdefghijklmnopqrstuvwxyz0123456789-");
        if (leaf.Actor is not { Length: >= 1 and <= 200 } || leaf.Actor.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new FormatException("A leaf's actor is 1 to 200 printable ASCII characters.");
        if (leaf.Sequence < 0) throw new FormatException($"A leaf's sequence counts from 0, not {leaf.Sequence}.");
        if (leaf.Version < 1) throw new FormatException($"A leaf's schema version counts from 1, not {leaf.Version}.");
        if (leaf.Body.IsDefaultOrEmpty || leaf.Body[0] != '{') throw new FormatException("A leaf's body is a JSON object.");
    }

    private static void Bound(string what, string text, int longest, string alphabet)
    {
        if (text is null || text.Length == 0 || text.Length > longest || text.AsSpan().ContainsAnyExcept(alphabet))
            throw new FormatException($"A leaf's {what} is 1 to {longest} characters of '{alphabet}'.");
    }

    private static JsonElement TakeValue(Dictionary<string, JsonElement> fields, string name) =>
        fields.Remove(name, out var value) ? value : throw new FormatException($"The leaf lacks the field '{name}'.");

    private static string Take(Dictionary<string, JsonElement> fields, string name) => Text(name, TakeValue(fields, name));

    private static string Text(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"The leaf's field '{name}' is not a string.");

    private static int Version(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var version) ? version : throw new FormatException("The leaf's field 'v' is no version.");

    private static long Sequence(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence.ToString(CultureInfo.InvariantCulture) == text
            ? sequence
            : throw new FormatException($"The leaf's sequence '{text}' is no number from 0, written as a string.");
}
