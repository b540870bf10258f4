using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>The only private part that a site ever states: <c>{"sentence": "..."}</c>, at most 1,000 characters, about rules and columns, never about rows.</summary>
public static class PrivateSentence
{
    private const int Longest = 1000;

    public static byte[] Write(string sentence) =>
        CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(
            new JsonObject { ["sentence"] = sentence.Length <= Longest ? sentence : sentence[..(Longest - 1)] + "…" }.ToJsonString()));

    /// <exception cref="FormatException">Anything else.</exception>
    public static string Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = CanonicalJson.ParseCanonical(bytes);
        return document.RootElement is { ValueKind: JsonValueKind.Object } o && o.EnumerateObject().Count() == 1
               && o.TryGetProperty("sentence", out var sentence) && sentence.ValueKind == JsonValueKind.String && sentence.GetString()!.Length <= Longest
            ? sentence.GetString()!
            : throw new FormatException("A private part has one field, 'sentence'.");
    }
}
