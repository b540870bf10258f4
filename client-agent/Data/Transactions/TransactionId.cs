using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DeepSeek.Federated.Data.Transactions;

/// <summary>A transaction's id in 16 bytes whatever its text: whole numbers as they are, in their order; anything else by its SHA-256, above all numbers.</summary>
internal static class TransactionId
{
    private const int MostDigits = 18;

    public static UInt128 Of(ReadOnlySpan<char> text)
    {
        if (text.Length <= MostDigits && !text.ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0')) return ulong.Parse(text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash) | (UInt128.One << 127);
    }
}
