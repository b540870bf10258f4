using System.Text.Json;
using System.Text.Json.Serialization;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Envelopes;

/// <summary>An envelope as a JSON document in DSSE's own form, with one signature: <c>{"payload", "payloadType", "signatures": [{"keyid", "sig"}]}</c>.</summary>
/// <remarks><c>keyid</c> is the signer's fingerprint in hex: a hint where to look for the key, as DSSE has it, and never a proof.</remarks>
public static class EnvelopeDocument
{
    private const int LargestDocument = Envelope.LargestPayload / 3 * 4 + 4096;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { RespectNullableAnnotations = true };

    /// <summary>The canonical JSON document.</summary>
    public static byte[] Write(Envelope envelope, PublicKey signer)
    {
        var form = new Form(
            Convert.ToBase64String(envelope.UncheckedPayload.Span), envelope.PayloadType,
            [new SignatureForm(signer.Fingerprint.ToString(), Convert.ToBase64String(envelope.Signature.Span))]);
        return CanonicalJson.Write(JsonSerializer.SerializeToElement(form, Strict));
    }

    /// <summary>Reads a document; the signature is not checked yet.</summary>
    /// <exception cref="FormatException">Not such a document, too long, or another number of signatures than one.</exception>
    public static (Envelope Envelope, Digest SignerHint) Read(ReadOnlyMemory<byte> document)
    {
        if (document.Length > LargestDocument) throw new FormatException($"An envelope has at most {LargestDocument} bytes, not {document.Length}.");
        try
        {
            var form = JsonSerializer.Deserialize<Form>(document.Span, Strict) ?? throw new FormatException("The envelope is null.");
            if (form.Signatures is not [{ } signature]) throw new FormatException("An envelope has exactly one signature.");
            return (new Envelope(form.PayloadType, Base64(form.Payload), Base64(signature.Sig)), Digest.Parse(signature.Keyid));
        }
        catch (JsonException broken)
        {
            throw new FormatException($"This is no envelope: {broken.Message}", broken);
        }
    }

    private static byte[] Base64(string text)
    {
        var bytes = Convert.FromBase64String(text);
        return Convert.ToBase64String(bytes) == text ? bytes : throw new FormatException("Base64 has one spelling: padded and without spaces.");
    }

    private sealed record Form(
        [property: JsonPropertyName("payload")] string Payload,
        [property: JsonPropertyName("payloadType")] string PayloadType,
        [property: JsonPropertyName("signatures")] SignatureForm[] Signatures);

    private sealed record SignatureForm(
        [property: JsonPropertyName("keyid")] string Keyid,
        [property: JsonPropertyName("sig")] string Sig);
}
