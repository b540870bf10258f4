using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Protocol;

/// <summary>
/// A one-time invitation of one site: <c>dsfed1.PAYLOAD.CHECK</c>, where PAYLOAD is base64url of the canonical JSON
/// {"ca","expires","secret","site"} and CHECK is base64url of the first 4 bytes of its SHA-256, so that a slip in copying is told from a wrong token.
/// </summary>
/// <remarks>It is a secret until it was consumed: it cannot print, and the ledger stores <see cref="Digest"/> only.</remarks>
public sealed class EnrolmentToken
{
    /// <summary>Bytes of the secret: 128 random bits.</summary>
    public const int SecretBytes = 16;

    private const string Prefix = "dsfed1";
    private const int LongestText = 600;
    private readonly byte[] _payload;

    private EnrolmentToken(byte[] payload, SiteId site, DateTimeOffset expires, Digest authority) =>
        (_payload, Site, Expires, Authority) = (payload, site, expires, authority);

    /// <summary>Whom the token invites.</summary>
    public SiteId Site { get; }

    /// <summary>Until when it may be consumed; whole seconds.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>SHA-256 of the CA certificate (DER) of the federation that issued it: what the agent pins before it sends anything.</summary>
    public Digest Authority { get; }

    /// <summary>SHA-256 of the payload: how the ledger knows the token.</summary>
    public Digest Digest => Digest.Of(_payload);

    /// <summary>A token from a secret that the caller drew.</summary>
    /// <param name="site">Whom it invites.</param>
    /// <param name="expires">Rounded down to whole seconds.</param>
    /// <param name="authority">SHA-256 of the CA certificate (DER).</param>
    /// <param name="secret">16 bytes of a cryptographic generator.</param>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public static EnrolmentToken Of(SiteId site, DateTimeOffset expires, Digest authority, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretBytes) throw new ArgumentException($"The secret has {SecretBytes} bytes, not {secret.Length}.", nameof(secret));
        var json = $$"""{"ca":"{{authority}}","expires":{{expires.ToUnixTimeSeconds()}},"secret":"{{Base64Url.EncodeToString(secret)}}","site":"{{site}}"}""";
        return new EnrolmentToken(Encoding.UTF8.GetBytes(json), site, DateTimeOffset.FromUnixTimeSeconds(expires.ToUnixTimeSeconds()), authority);
    }

    /// <summary>Reads the text that <c>dsfed invite</c> printed; white space around it is ignored.</summary>
    /// <exception cref="FormatException">Not a token, or damaged; the message names the mend and nothing of the token.</exception>
    public static EnrolmentToken Parse(string text)
    {
        var parts = text is { Length: <= LongestText } ? text.Trim().Split('.') : [];
        if (parts is not [Prefix, var body, var check])
            throw new FormatException($"This is no enrolment token: it must be '{Prefix}.', the invitation and a check. Copy the whole line that `dsfed invite` printed.");
        byte[] payload;
        try
        {
            payload = Base64Url.DecodeFromChars(body);
        }
        catch (FormatException)
        {
            throw Damaged();
        }
        return Check(payload) == check && Base64Url.EncodeToString(payload) == body ? Read(payload) : throw Damaged();
    }

    /// <summary>The token itself, for the one person who hands it over. Never to be logged.</summary>
    public string Disclose() => $"{Prefix}.{Base64Url.EncodeToString(_payload)}.{Check(_payload)}";

    /// <summary>Names the site, never the secret.</summary>
    public override string ToString() => $"a token for {Site}";

    private static EnrolmentToken Read(byte[] payload)
    {
        try
        {
            using var document = CanonicalJson.ParseCanonical(payload);
            var root = document.RootElement;
            if (root.EnumerateObject().Count() != 4 || Base64Url.DecodeFromChars(root.GetProperty("secret").GetString()).Length != SecretBytes) throw Damaged();
            return new EnrolmentToken(
                payload, new SiteId(root.GetProperty("site").GetString()!), DateTimeOffset.FromUnixTimeSeconds(root.GetProperty("expires").GetInt64()),
                Digest.Parse(root.GetProperty("ca").GetString()!));
        }
        catch (Exception broken) when (broken is FormatException or KeyNotFoundException or InvalidOperationException or ArgumentOutOfRangeException or JsonException)
        {
            throw Damaged();
        }
    }

    private static string Check(byte[] payload) => Base64Url.EncodeToString(SHA256.HashData(payload).AsSpan(0, 4));

    private static FormatException Damaged() =>
        new("The enrolment token is damaged: a character was lost or changed in copying. Copy the whole line that `dsfed invite` printed.");
}
