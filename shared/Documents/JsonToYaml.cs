using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DeepSeek.Federated.Documents;

/// <summary>Writes JSON as block-style YAML; a string that could be taken for anything else is quoted.</summary>
internal static class JsonToYaml
{
    internal static string Convert(JsonElement value)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Value(emitter, value, 0);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Value(Emitter emitter, JsonElement value, int depth)
    {
        if (depth > YamlDocument.DeepestNesting) throw new FormatException($"The value nests deeper than {YamlDocument.DeepestNesting} levels.");
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var member in value.EnumerateObject())
                {
                    Text(emitter, member.Name);
                    Value(emitter, member.Value, depth + 1);
                }
                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in value.EnumerateArray()) Value(emitter, item, depth + 1);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String: Text(emitter, value.GetString()!); break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value.GetRawText(), ScalarStyle.Plain, true, false));
                break;
            case JsonValueKind.Undefined: throw new FormatException("There is no JSON value.");
        }
    }

    private static void Text(Emitter emitter, string text) => emitter.Emit(
        IsPlain(text)
            ? new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, true, false)
            : new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.DoubleQuoted, false, true));

    // Narrower than YAML allows: what other readers of YAML 1.1 take for a number, a date or a boolean is quoted as well.
    private static bool IsPlain(string text) =>
        text.Length is > 0 and <= 200 && char.IsAsciiLetter(text[0]) && text[^1] != ' '
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ' ')
        && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");
}
