using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>How the values of events are written in JSON.</summary>
internal static class EventForm
{
    internal static JsonSerializerOptions Options()
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(OwnParametersOnly);
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // CanonicalJson escapes; this is only on the way to it
            RespectRequiredConstructorParameters = false,          // OwnParametersOnly says what is required
            MaxDepth = 32,
            TypeInfoResolver = resolver,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new Text<string>(Whole, s => s));
        options.Converters.Add(new Text<Digest>(d => d.ToString(), Digest.Parse));
        options.Converters.Add(new Text<SiteId>(s => s.Value, s => new SiteId(s)));
        options.Converters.Add(new Text<StudyId>(s => s.Value, s => new StudyId(s)));
        options.Converters.Add(new Text<DateTimeOffset>(LedgerTime.Text, LedgerTime.Parse));
        options.Converters.Add(new Text<long>(n => n.ToString(CultureInfo.InvariantCulture), s => long.Parse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)));
        options.Converters.Add(new Text<decimal>(n => n.ToString(CultureInfo.InvariantCulture), s => decimal.Parse(s, NumberStyles.Float, CultureInfo.InvariantCulture)));
        options.Converters.Add(new Text<double>(n => Finite(n).ToString("R", CultureInfo.InvariantCulture), s => Finite(double.Parse(s, NumberStyles.Float, CultureInfo.InvariantCulture))));
        options.Converters.Add(new Text<TimeSpan>(Seconds, s => TimeSpan.FromSeconds(long.Parse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))));
        options.MakeReadOnly();
        return options;
    }

    // A record's constructor parameters are its facts; what it computes (its stream, a sum) is not written. Only what may be null may be absent.
    private static void OwnParametersOnly(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object) return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (property.AssociatedParameter is null) type.Properties.RemoveAt(i);
            else property.IsRequired = !property.IsGetNullable;
        }
    }

    // The writer would put a replacement for half a character, and the ledger would say something that nobody said.
    private static string Whole(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && text.Where((_, i) => !IsWhole(text, i)).Any()
            ? throw new FormatException("A text has half a character in it.")
            : text;

    private static bool IsWhole(string text, int at) =>
        !char.IsSurrogate(text[at]) || char.IsSurrogatePair(text, at) || at > 0 && char.IsSurrogatePair(text, at - 1);

    private static double Finite(double number) => double.IsFinite(number) ? number : throw new FormatException($"{number} is no finite number.");

    private static string Seconds(TimeSpan duration) =>
        duration.Ticks % TimeSpan.TicksPerSecond == 0
            ? ((long)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"{duration} is no whole number of seconds.");

    private sealed class Text<T>(Func<T, string> write, Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String) throw new JsonException($"A {typeof(T).Name} is written as a string.");
            try
            {
                return parse(reader.GetString()!);
            }
            catch (Exception broken) when (broken is FormatException or OverflowException)
            {
                throw new JsonException(broken.Message, broken);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }
}
