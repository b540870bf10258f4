using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>A site's signature over an event that it states in its own name: what the coordinator cannot make up.</summary>
/// <remarks>Signed is PAE(<c>federated.TYPE.vN</c>, canonical body without <c>signature</c>), so that a consent never passes for an approval.</remarks>
public static class SiteStatement
{
    /// <summary>The text for the event's <see cref="ISiteStatement.Signature"/>, whatever stands there now: 64 bytes in base64.</summary>
    /// <exception cref="ArgumentException">The event is not a statement of a site.</exception>
    public static string Sign(EventCatalog catalog, LedgerEvent statement, SigningKey identity) =>
        Convert.ToBase64String(DetachedSignature.Sign(identity, Purpose(catalog, statement), Content(catalog, statement)));

    /// <summary>Whether the owner of this identity states exactly this.</summary>
    /// <exception cref="ArgumentException">The event is not a statement of a site.</exception>
    public static bool Verify(EventCatalog catalog, LedgerEvent statement, PublicKey identity)
    {
        var text = Statement(statement).Signature;
        var signature = new byte[PublicKey.SignatureLength];
        return Convert.TryFromBase64String(text, signature, out var written) && written == signature.Length
            && Convert.ToBase64String(signature) == text
            && DetachedSignature.Verify(identity, Purpose(catalog, statement), Content(catalog, statement), signature);
    }

    private static string Purpose(EventCatalog catalog, LedgerEvent statement)
    {
        var type = catalog.TypeOf(statement);
        return $"federated.{type.Name}.v{type.Version}";
    }

    private static byte[] Content(EventCatalog catalog, LedgerEvent statement)
    {
        Statement(statement);
        var body = JsonNode.Parse(catalog.Encode(statement))!.AsObject();
        body.Remove("signature");
        return CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    private static ISiteStatement Statement(LedgerEvent happened) =>
        happened as ISiteStatement ?? throw new ArgumentException($"{happened.GetType().Name} is not a statement of a site.", nameof(happened));
}
