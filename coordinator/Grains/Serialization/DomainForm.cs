using System.Text.Json;
using System.Text.Json.Serialization;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Grains.Serialization;

/// <summary>How the domain's records travel between silos. The domain itself knows neither Orleans nor this form, and no ledger holds it.</summary>
internal static class DomainForm
{
    internal static bool Covers(Type type) => type.Assembly == typeof(Digest).Assembly && !type.IsEnum;

    internal static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        options.Converters.Add(new Text<Digest>(d => d.ToString(), Digest.Parse));
        options.Converters.Add(new Text<SiteId>(s => s.Value, s => new SiteId(s)));
        options.Converters.Add(new Text<StudyId>(s => s.Value, s => new StudyId(s)));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class Text<T>(Func<T, string> write, Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            parse(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is written as a string."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }
}
