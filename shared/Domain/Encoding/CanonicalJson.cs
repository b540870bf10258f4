using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DeepSeek.Federated.Domain.Encoding;

/// <summary>RFC 8785 (JSON Canonicalization Scheme): one value, one sequence of bytes. What is hashed or signed is written by this.</summary>
/// <remarks>
/// It lies in Domain, not in Lineage, because a manifest's digest is part of the law. Numbers that are not integers below 2^53 in size are
/// refused instead of formatted: the house writes 64-bit and decimal numbers as strings, so no reader in another language can disagree.
/// </remarks>
public static class CanonicalJson
{
    private const long LargestInteger = (1L << 53) - 1;

    /// <summary>The canonical UTF-8 bytes of <paramref name="value"/>.</summary>
    /// <exception cref="FormatException">A fraction, an integer of 2^53 or more, a duplicate key or a lone surrogate.</exception>
    public static byte[] Write(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Parses JSON and gives its canonical bytes.</summary>
    /// <exception cref="FormatException">As above, or not JSON at all.</exception>
    public static byte[] Canonicalize(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        return Write(document.RootElement);
    }

    /// <summary>Parses bytes that must already be canonical.</summary>
    /// <exception cref="FormatException">Not JSON, or another spelling than the canonical one.</exception>
    public static JsonDocument ParseCanonical(ReadOnlyMemory<byte> json)
    {
        var document = Parse(json);
        if (Write(document.RootElement).AsSpan().SequenceEqual(json.Span)) return document;
        document.Dispose();
        throw new FormatException("The JSON is not in canonical form (RFC 8785).");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException broken)
        {
            throw new FormatException($"Not valid JSON: {broken.Message}", broken);
        }
    }

    private static void Write(ArrayBufferWriter<byte> to, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: WriteObject(to, value); break;
            case JsonValueKind.Array: WriteArray(to, value); break;
            case JsonValueKind.String: WriteString(to, Text(value)); break;
            case JsonValueKind.Number: WriteInteger(to, value); break;
            case JsonValueKind.True: to.Write("true"u8); break;
            case JsonValueKind.False: to.Write("false"u8); break;
            case JsonValueKind.Null: to.Write("null"u8); break;
            case JsonValueKind.Undefined: throw new FormatException("There is no JSON value.");
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> to, JsonElement value)
    {
        // RFC 8785 section 3.2.3: names sorted by their UTF-16 code units.
        var members = value.EnumerateObject().Select(m => (Name: Name(m), m.Value)).OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
        to.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                if (members[i].Name == members[i - 1].Name) throw new FormatException($"The key '{members[i].Name}' stands twice.");
                to.Write(","u8);
            }
            WriteString(to, members[i].Name);
            to.Write(":"u8);
            Write(to, members[i].Value);
        }
        to.Write("}"u8);
    }

    private static void WriteArray(ArrayBufferWriter<byte> to, JsonElement value)
    {
        to.Write("["u8);
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first) to.Write(","u8);
            first = false;
            Write(to, item);
        }
        to.Write("]"u8);
    }

    private static void WriteInteger(ArrayBufferWriter<byte> to, JsonElement value)
    {
        if (!value.TryGetInt64(out var number) || Math.Abs((decimal)number) > LargestInteger)
            throw new FormatException($"{value.GetRawText()} must be written as a string: only integers below 2^53 are numbers here.");
        to.Write(System.Text.Encoding.UTF8.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string Name(JsonProperty member) => Unicode(() => member.Name);

    private static string Text(JsonElement value) => Unicode(() => value.GetString()!);

    // The parser leaves bytes that are no UTF-8, and halves of characters, for the moment when somebody asks for the text.
    private static string Unicode(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException broken)
        {
            throw new FormatException("A string is not valid Unicode.", broken);
        }
    }

    private static void WriteString(ArrayBufferWriter<byte> to, string text)
    {
        to.Write("\""u8);
        foreach (var rune in Runes(text))
        {
            switch (rune.Value)
            {
                case '"': to.Write("\\\""u8); break;
                case '\\': to.Write("\\\\"u8); break;
                case '\b': to.Write("\\b"u8); break;
                case '\t': to.Write("\\t"u8); break;
                case '\n': to.Write("\\n"u8); break;
                case '\f': to.Write("\\f"u8); break;
                case '\r': to.Write("\\r"u8); break;
                case < 0x20: to.Write(System.Text.Encoding.ASCII.GetBytes($"\\u{rune.Value:x4}")); break;
                default: to.Advance(rune.EncodeToUtf8(to.GetSpan(4))); break;
            }
        }
        to.Write("\""u8);
    }

    private static IEnumerable<Rune> Runes(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune)) throw new FormatException("A string is not valid Unicode.");
            yield return rune;
            i += rune.Utf16SequenceLength;
        }
    }
}
