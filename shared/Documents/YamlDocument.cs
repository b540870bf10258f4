using System.Text;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;
using YamlDotNet.Core;

namespace DeepSeek.Federated.Documents;

/// <summary>Strict YAML, read as JSON: the one door through which manifests and policies come in.</summary>
/// <remarks>
/// Refused: several documents, anchors, aliases, tags and directives (they make bombs and types), keys that are not strings, keys that stand
/// twice, more than 32 levels, control characters. Plain <c>true</c> and <c>false</c> are booleans; plain integers below 2^53 are numbers;
/// plain <c>null</c>, <c>~</c> and nothing are null; everything else is a string, fractions too, because the house writes decimals as
/// strings. JSON is YAML, so a JSON document is read by the same rules.
/// </remarks>
public static class YamlDocument
{
    /// <summary>The longest document unless told otherwise, in UTF-8 bytes (1 MiB).</summary>
    public const int DefaultLargest = 1 << 20;

    /// <summary>The deepest nesting of mappings and sequences.</summary>
    public const int DeepestNesting = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a document from text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="maxBytes">The longest that is read, in UTF-8 bytes; ≥ 1.</param>
    public static DocumentReading Read(string text, int maxBytes = DefaultLargest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        // The length first: a character is at least one byte, so nothing is encoded that could not pass.
        if (text.Length > maxBytes || StrictLength(text) is var bytes && bytes > maxBytes) return TooLong(maxBytes);
        if (bytes < 0) return new DocumentReading.Malformed(1, 1, "The text is not valid Unicode. Save the file as UTF-8.");
        if (text.StartsWith('\uFEFF')) text = text[1..];
        if (ForbiddenCharacter(text) is { } forbidden) return forbidden;
        try
        {
            var json = new YamlToJson(text).Convert();
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestNesting + 1 });
            return new DocumentReading.Read(document.RootElement.Clone(), [.. CanonicalJson.Write(document.RootElement)]);
        }
        catch (YamlException broken)
        {
            return new DocumentReading.Malformed(Math.Max(1, broken.Start.Line), Math.Max(1, broken.Start.Column), broken.Message);
        }
    }

    /// <summary>Reads a document from a stream of UTF-8; reads at most one byte more than <paramref name="maxBytes"/>.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="maxBytes">The longest that is read; ≥ 1.</param>
    public static DocumentReading Read(Stream utf8, int maxBytes = DefaultLargest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        using var content = new MemoryStream();
        var block = new byte[Math.Min(maxBytes + 1L, 16 * 1024)];
        for (int read; (read = utf8.Read(block, 0, (int)Math.Min(block.Length, maxBytes + 1L - content.Length))) > 0;) content.Write(block, 0, read);
        if (content.Length > maxBytes) return TooLong(maxBytes);
        try
        {
            return Read(StrictUtf8.GetString(content.GetBuffer(), 0, (int)content.Length), maxBytes);
        }
        catch (DecoderFallbackException)
        {
            return new DocumentReading.Malformed(1, 1, "The bytes are not UTF-8. Save the file as UTF-8.");
        }
    }

    /// <summary>Writes a JSON value as YAML in block style; <see cref="Read(string, int)"/> gives the same value back.</summary>
    /// <exception cref="FormatException">The value has no canonical JSON (a fraction, a duplicate key), or nests deeper than 32.</exception>
    public static string Write(JsonElement value)
    {
        CanonicalJson.Write(value);
        return JsonToYaml.Convert(value);
    }

    private static DocumentReading.Malformed TooLong(int maxBytes) => new(1, 1, $"The document is longer than {maxBytes} bytes.");

    private static int StrictLength(string text)
    {
        try
        {
            return StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return -1;
        }
    }

    private static DocumentReading.Malformed? ForbiddenCharacter(string text)
    {
        var (line, column) = (1L, 1L);
        foreach (var c in text)
        {
            if (c is '\n') (line, column) = (line + 1, 0);
            // Beside control characters: the line breaks and direction marks that make a text look like another one to a steward.
            else if (c is (< ' ' and not '\t' and not '\r') or (>= '\u007F' and <= '\u009F') or '\uFEFF' or (>= '\u2028' and <= '\u202E')
                or (>= '\u2066' and <= '\u2069'))
                return new DocumentReading.Malformed(line, column, $"The character U+{(int)c:X4} is not allowed. Remove it; in a quoted string it can be written as an escape.");
            column++;
        }
        return null;
    }
}
