using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeepSeek.Federated.Agent.Store;

/// <summary>The site's own small documents: unknown, missing and repeated keys are faults.</summary>
internal static class StrictJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new TextConverter<Domain.Encoding.Digest>(d => d.ToString(), Domain.Encoding.Digest.Parse),
            new TextConverter<Domain.Names.SiteId>(s => s.Value, text => new Domain.Names.SiteId(text)),
            new TextConverter<Domain.Names.StudyId>(s => s.Value, text => new Domain.Names.StudyId(text)),
        },
    };

    internal static void Write<T>(string path, T value) =>
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <exception cref="SiteFaultException">The file is not such a document.</exception>
    internal static T Read<T>(string path, string mend) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options) ?? throw new SiteFaultException($"'{path}' is empty. {mend}");
        }
        catch (JsonException broken)
        {
            throw new SiteFaultException($"'{path}' is not what this program writes: {broken.Message} {mend}", broken);
        }
    }

    private sealed class TextConverter<T>(Func<T, string> write, Func<string, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return parse(reader.GetString() ?? throw new JsonException("A text is expected."));
            }
            catch (Exception broken) when (broken is FormatException or InvalidOperationException)
            {
                throw new JsonException(broken.Message, broken);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }
}
