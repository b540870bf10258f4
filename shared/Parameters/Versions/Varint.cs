using System.Numerics;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>Signed differences of two 32-bit integers (33 bits) as base-128 varints, least significant group first.</summary>
internal static class Varint
{
    internal const int Longest = 5;

    internal static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    internal static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    internal static int Length(ulong value) => Math.Max(1, (64 - BitOperations.LeadingZeroCount(value) + 6) / 7);

    internal static int Write(ulong value, Span<byte> to)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7) to[length++] = (byte)(value | 0x80);
        to[length++] = (byte)value;
        return length;
    }
}
