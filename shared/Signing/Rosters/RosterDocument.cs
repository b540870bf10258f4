using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Signing.Rosters;

/// <summary>A roster as a JSON document: <c>{"apiVersion": "federated/v1", "kind": "Roster", "sites": [{"confirmedBy", "fingerprint", "site"}]}</c>.</summary>
public static class RosterDocument
{
    private const string ApiVersion = "federated/v1";
    private const int LargestDocument = 4 << 20;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { RespectNullableAnnotations = true };

    /// <summary>The canonical JSON document.</summary>
    public static byte[] Write(Roster roster)
    {
        var sites = roster.Entries.Select(e => new EntryForm(e.Site.Value, e.Fingerprint.ToString(), [.. e.ConfirmedBy])).ToArray();
        return CanonicalJson.Write(JsonSerializer.SerializeToElement(new Form(ApiVersion, "Roster", sites), Strict));
    }

    /// <summary>Reads a document; it need not be canonical, since people write it.</summary>
    /// <exception cref="FormatException">Not such a document, an unknown field, or what <see cref="Roster.Of"/> refuses.</exception>
    public static Roster Read(ReadOnlyMemory<byte> document)
    {
        if (document.Length > LargestDocument) throw new FormatException($"A roster has at most {LargestDocument} bytes, not {document.Length}.");
        try
        {
            var form = JsonSerializer.Deserialize<Form>(document.Span, Strict) ?? throw new FormatException("The roster is null.");
            if (form.ApiVersion != ApiVersion || form.Kind != "Roster")
                throw new FormatException($"This is a '{form.Kind}' of '{form.ApiVersion}', not a Roster of {ApiVersion}.");
            return Roster.Of(form.Sites.Select(Entry));
        }
        catch (JsonException broken)
        {
            throw new FormatException($"This is no roster: {broken.Message}", broken);
        }
    }

    private static RosterEntry Entry(EntryForm? form) =>
        form is null
            ? throw new FormatException("An entry of the roster is null.")
            : new RosterEntry(new SiteId(form.Site), Digest.Parse(form.Fingerprint), [.. form.ConfirmedBy]);

    private sealed record Form(
        [property: JsonPropertyName("apiVersion")] string ApiVersion,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("sites")] EntryForm[] Sites);

    private sealed record EntryForm(
        [property: JsonPropertyName("site")] string Site,
        [property: JsonPropertyName("fingerprint")] string Fingerprint,
        [property: JsonPropertyName("confirmedBy")] string[] ConfirmedBy);
}
