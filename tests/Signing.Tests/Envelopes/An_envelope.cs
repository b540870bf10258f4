using System.Text;
using DeepSeek.Federated.Signing.Envelopes;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Tests.Envelopes;

public sealed class An_envelope : IDisposable
{
    private const string Consent = "application/vnd.dsfed.consent+json";
    private static readonly byte[] Payload = """{"round":3,"site":"north"}"""u8.ToArray();
    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose() => _key.Dispose();

    // The example of the DSSE v1 protocol description.
    [Theory]
    [InlineData("http://example.com/HelloWorld", "hello world", "DSSEv1 29 http://example.com/HelloWorld 11 hello world")]
    [InlineData("x", "", "DSSEv1 1 x 0 ")]
    public void signs_the_preauthentication_encoding(string type, string body, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(DetachedSignature.PreAuthenticationEncoding(type, Encoding.UTF8.GetBytes(body))));

    [Fact]
    public void opens_for_its_signer_and_its_type_only()
    {
        using var other = SigningKey.Create();
        var envelope = Envelope.Seal(_key, Consent, Payload);

        Assert.True(envelope.TryOpen(_key.Public, Consent, out var opened));
        Assert.Equal(Payload, opened.ToArray());
        Assert.False(envelope.TryOpen(other.Public, Consent, out var nothing));
        Assert.True(nothing.IsEmpty);
        Assert.False(envelope.TryOpen(_key.Public, "application/vnd.dsfed.refusal+json", out _));
        Assert.False(new Envelope("application/vnd.dsfed.refusal+json", Payload, envelope.Signature.Span).TryOpen(_key.Public, "application/vnd.dsfed.refusal+json", out _));
        Assert.False(new Envelope(Consent, """{"round":4,"site":"north"}"""u8, envelope.Signature.Span).TryOpen(_key.Public, Consent, out _));
    }

    [Fact]
    public void seals_canonical_JSON_only_and_opens_nothing_else()
    {
        var loose = """{ "round": 3 }"""u8.ToArray();
        Assert.Throws<FormatException>(() => Envelope.Seal(_key, Consent, loose));
        Assert.Throws<FormatException>(() => Envelope.Seal(_key, Consent, "not json"u8));

        var signed = new Envelope(Consent, loose, _key.Sign(DetachedSignature.PreAuthenticationEncoding(Consent, loose)));
        Assert.False(signed.TryOpen(_key.Public, Consent, out _));
    }

    [Fact]
    public void has_a_detached_sister_for_bytes_that_are_not_JSON()
    {
        var signature = DetachedSignature.Sign(_key, "federated.enrolment", [1, 2]);
        Assert.True(DetachedSignature.Verify(_key.Public, "federated.enrolment", [1, 2], signature));
        Assert.False(DetachedSignature.Verify(_key.Public, "federated.enrolment", [1, 3], signature));
        Assert.False(DetachedSignature.Verify(_key.Public, "federated.renewal", [1, 2], signature));
        Assert.False(_key.Public.Verify([1, 2], signature));
    }

    [Fact]
    public void refuses_what_breaks_its_bounds()
    {
        var signature = new byte[64];
        Assert.Throws<FormatException>(() => new Envelope("", Payload, signature));
        Assert.Throws<FormatException>(() => new Envelope("a b", Payload, signature));
        Assert.Throws<FormatException>(() => new Envelope("é", Payload, signature));
        Assert.Throws<FormatException>(() => new Envelope(new string('x', 201), Payload, signature));
        Assert.Throws<FormatException>(() => new Envelope(Consent, new byte[Envelope.LargestPayload + 1], signature));
        Assert.Throws<FormatException>(() => new Envelope(Consent, Payload, signature.AsSpan(1)));
    }

    [Fact]
    public void returns_from_its_document()
    {
        var envelope = Envelope.Seal(_key, Consent, Payload);
        var (read, hint) = EnvelopeDocument.Read(EnvelopeDocument.Write(envelope, _key.Public));
        Assert.Equal(_key.Public.Fingerprint, hint);
        Assert.True(read.TryOpen(_key.Public, Consent, out var opened));
        Assert.Equal(Payload, opened.ToArray());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"payload":"e30=","payloadType":"t"}""")]
    [InlineData("""{"payload":"e30=","payloadType":"t","signatures":[]}""")]
    [InlineData("""{"payload":"e30=","payloadType":null,"signatures":[{"keyid":"","sig":""}]}""")]
    [InlineData("""{"payload":"e30=","payloadType":"t","signatures":[null]}""")]
    [InlineData("""{"payload":"e31=","payloadType":"t","signatures":[{"keyid":"","sig":""}]}""")]
    [InlineData("""{"payload":"e30=","payloadType":"t","payload":"e30=","signatures":[{"keyid":"","sig":""}]}""")]
    [InlineData("""{"payload":"e30=","payloadType":"t","signatures":[{"keyid":"","sig":""}],"more":1}""")]
    [InlineData("""{"payload":"e30=","payloadType":"t","signatures":[{"keyid":"","sig":"AAAA"}]}""")]
    public void refuses_a_document_that_is_none(string document) =>
        Assert.Throws<FormatException>(() => EnvelopeDocument.Read(Encoding.UTF8.GetBytes(document)));
}
