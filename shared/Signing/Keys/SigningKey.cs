using Ed = NSec.Cryptography;

namespace DeepSeek.Federated.Signing.Keys;

/// <summary>An Ed25519 private key: an identity. It lives in libsodium's guarded memory, cannot print and is zeroed when disposed.</summary>
/// <remarks>Signing is thread-safe. Disposing while another thread signs is the caller's mistake.</remarks>
public sealed class SigningKey : IDisposable
{
    /// <summary>Length of a seed in bytes.</summary>
    public const int SeedLength = 32;

    private static readonly Ed.SignatureAlgorithm Ed25519 = Ed.SignatureAlgorithm.Ed25519;
    private readonly Ed.Key _key;

    private SigningKey(Ed.Key key)
    {
        _key = key;
        Public = new PublicKey(key.PublicKey.Export(Ed.KeyBlobFormat.RawPublicKey));
    }

    // Save must be able to write the key; nothing else reads it back out.
    private static Ed.KeyCreationParameters Exportable => new() { ExportPolicy = Ed.KeyExportPolicies.AllowPlaintextExport };

    /// <summary>The other half, which everybody may know.</summary>
    public PublicKey Public { get; }

    /// <summary>A new key from the operating system's randomness.</summary>
    public static SigningKey Create() => new(Ed.Key.Create(Ed25519, Exportable));

    /// <summary>The key that a seed determines (RFC 8032, section 5.1.5). For reproducible demonstrations and tests only: a real identity
    /// comes from <see cref="Create"/>.</summary>
    /// <exception cref="ArgumentException">Not exactly 32 bytes.</exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed) =>
        seed.Length == SeedLength
            ? new(Ed.Key.Import(Ed25519, seed, Ed.KeyBlobFormat.RawPrivateKey, Exportable))
            : throw new ArgumentException($"A seed has {SeedLength} bytes, not {seed.Length}.", nameof(seed));

    /// <summary>Reads a key file (PKCS #8 in PEM, RFC 8410).</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="KeyFileException">Others may read the file, or it holds no Ed25519 key. The message names the mend.</exception>
    public static SigningKey Load(string path) =>
        KeyFile.Read(path, pem => Ed.Key.TryImport(Ed25519, pem, Ed.KeyBlobFormat.PkixPrivateKeyText, out var key, Exportable)
            ? new SigningKey(key!)
            : throw new KeyFileException($"'{path}' holds no Ed25519 private key in PEM (PKCS #8). Restore it from its backup; a new key is a new identity."));

    /// <summary>Writes a key file that only its owner can read, whole or not at all, and never over another file.</summary>
    /// <exception cref="IOException">The path is taken, or the disk refuses.</exception>
    public void Save(string path) => KeyFile.Write(path, _key.Export(Ed.KeyBlobFormat.PkixPrivateKeyText));

    /// <summary>The 64 bytes of the signature over exactly <paramref name="message"/>; the same message gives the same signature.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => Ed25519.Sign(_key, message);

    /// <summary>The public half: the private one cannot print.</summary>
    public override string ToString() => $"the private key of {Public}";

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
