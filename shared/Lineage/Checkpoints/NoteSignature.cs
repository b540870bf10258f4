using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Lineage.Checkpoints;

/// <summary>One signature line of a note (C2SP signed-note): <c>— NAME base64(key id || signature)</c>.</summary>
/// <param name="Name">Name of the key; for a log its origin.</param>
/// <param name="KeyId">First four bytes of a hash of name, algorithm and key: a hint which key to try.</param>
/// <param name="Signature">What the algorithm gave; 64 bytes for Ed25519, other lengths for co-signatures.</param>
public sealed record NoteSignature(string Name, uint KeyId, ImmutableArray<byte> Signature)
{
    private const string Dash = "\u2014 ";
    private const byte Ed25519 = 0x01;

    /// <summary>The id of an Ed25519 key under a name: SHA-256(name || 0x0A || 0x01 || key)[:4].</summary>
    public static uint KeyIdOf(string name, PublicKey key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519, .. key.ToArray()]));

    internal string Line()
    {
        var content = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(content, KeyId);
        Signature.CopyTo(content, 4);
        return $"{Dash}{Name} {Convert.ToBase64String(content)}\n";
    }

    internal static bool TryParse(string line, out NoteSignature signature)
    {
        signature = new NoteSignature("", 0, []);
        if (!line.StartsWith(Dash, StringComparison.Ordinal)) return false;
        var parts = line[Dash.Length..].Split(' ');
        if (parts.Length != 2 || !IsName(parts[0]) || !TryBase64(parts[1], out var content) || content.Length < 5) return false;
        signature = new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(content), [.. content.AsSpan(4)]);
        return true;
    }

    internal static bool IsName(string? name) =>
        !string.IsNullOrEmpty(name) && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || c == '+');

    /// <summary>Base64 with padding, in its one exact spelling.</summary>
    internal static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var written)) return false;
        bytes = bytes[..written];
        return Convert.ToBase64String(bytes) == text;
    }
}
