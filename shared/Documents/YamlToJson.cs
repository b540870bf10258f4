using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DeepSeek.Federated.Documents;

/// <summary>Turns the parser's events into JSON, one pass, refusing what the house's YAML does not have. Each is used once.</summary>
internal sealed class YamlToJson(string text)
{
    private const long LargestInteger = (1L << 53) - 1;

    private static readonly JsonWriterOptions Loose = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly GuardedParser _parser = new(text);
    private readonly ArrayBufferWriter<byte> _json = new();
    private int _depth;

    /// <exception cref="YamlException">What is wrong, and where.</exception>
    internal ReadOnlyMemory<byte> Convert()
    {
        using var writer = new Utf8JsonWriter(_json, Loose);
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var empty)) throw Refused(empty, "The document is empty.");
        var start = _parser.Consume<DocumentStart>();
        if (start.Version is not null || start.Tags is { Count: > 0 } && !start.IsImplicit && text.Contains("%TAG", StringComparison.Ordinal))
            throw Refused(start, "Directives (%YAML, %TAG) are not allowed. Remove the line.");
        Value(writer);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _)) throw Refused(_parser.Current!, "There is more than one document. Put each into its own file.");
        writer.Flush();
        return _json.WrittenMemory;
    }

    private void Value(Utf8JsonWriter writer)
    {
        if (_parser.Accept<AnchorAlias>(out var alias)) throw Refused(alias, $"Aliases (*{alias.Value}) are not allowed. Write the value out.");
        if (_parser.Current is NodeEvent node) CheckNode(node);
        if (_parser.TryConsume<Scalar>(out var scalar)) Plain(writer, scalar);
        else if (_parser.TryConsume<SequenceStart>(out var sequence)) Sequence(writer, sequence);
        else if (_parser.TryConsume<MappingStart>(out var mapping)) Mapping(writer, mapping);
        else throw Refused(_parser.Current!, "A value is expected here.");
    }

    private void Sequence(Utf8JsonWriter writer, SequenceStart start)
    {
        Enter(start);
        writer.WriteStartArray();
        while (!_parser.TryConsume<SequenceEnd>(out _)) Value(writer);
        writer.WriteEndArray();
        _depth--;
    }

    private void Mapping(Utf8JsonWriter writer, MappingStart start)
    {
        Enter(start);
        writer.WriteStartObject();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (_parser.Accept<AnchorAlias>(out var alias)) throw Refused(alias, $"Aliases (*{alias.Value}) are not allowed. Write the key out.");
            if (!_parser.TryConsume<Scalar>(out var key)) throw Refused(_parser.Current!, "A key is a string, not a mapping or a sequence.");
            CheckNode(key);
            if (key.Style == ScalarStyle.Plain && Meaning(key.Value) is not null)
                throw Refused(key, $"The key '{key.Value}' is not a string. Write it in quotes if it is meant.");
            if (key is { Style: ScalarStyle.Plain, Value: "<<" }) throw Refused(key, "Merge keys (<<) are not allowed. Write the entries out.");
            if (!keys.Add(Checked(key))) throw Refused(key, $"The key '{key.Value}' stands twice in one mapping. Remove one of them.");
            writer.WritePropertyName(key.Value);
            Value(writer);
        }
        writer.WriteEndObject();
        _depth--;
    }

    private static void Plain(Utf8JsonWriter writer, Scalar scalar)
    {
        switch (scalar.Style == ScalarStyle.Plain ? Meaning(scalar.Value) : null)
        {
            case null: writer.WriteStringValue(Checked(scalar)); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case long number: writer.WriteNumberValue(number); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <summary>A boolean, an integer or DBNull for a plain scalar that is one; null for a string.</summary>
    private static object? Meaning(string plain) => plain switch
    {
        "true" => true,
        "false" => false,
        "" or "~" or "null" => DBNull.Value,
        // "-0" and "007" are no integers here: read as numbers they would be written differently again.
        _ => long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs((decimal)number) <= LargestInteger && number.ToString(CultureInfo.InvariantCulture) == plain ? number : null,
    };

    private static string Checked(Scalar scalar)
    {
        for (var i = 0; i < scalar.Value.Length; i++)
        {
            if (!char.IsSurrogate(scalar.Value[i])) continue;
            if (!char.IsSurrogatePair(scalar.Value, i)) throw Refused(scalar, "An escape makes half a character. Write the whole character.");
            i++;
        }
        return scalar.Value;
    }

    private static void CheckNode(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty) throw Refused(node, $"Anchors (&{node.Anchor.Value}) are not allowed. Remove it.");
        if (!node.Tag.IsEmpty) throw Refused(node, "Tags (!) are not allowed. Remove it; put a string in quotes.");
    }

    private void Enter(ParsingEvent at)
    {
        if (++_depth > YamlDocument.DeepestNesting) throw Refused(at, $"The document nests deeper than {YamlDocument.DeepestNesting} levels.");
    }

    private static YamlException Refused(ParsingEvent at, string message) => new(at.Start, at.End, message);
}
