using System.Buffers.Binary;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>Digits as bytes: each little-endian in the same 1 to 6 bytes. The scalar code that defines the result.</summary>
/// <remarks>Every digit is moved as a 64-bit word, so buffers need <see cref="Slack"/> bytes more than the digits take.</remarks>
internal static class DigitBytes
{
    internal const int Slack = sizeof(ulong);

    internal static void Pack(ReadOnlySpan<ulong> digits, int bytesPerDigit, Span<byte> to)
    {
        var at = 0;
        foreach (var digit in digits)
        {
            // The word's upper bytes are zero and overwritten by the next digit.
            BinaryPrimitives.WriteUInt64LittleEndian(to[at..], digit);
            at += bytesPerDigit;
        }
    }

    /// <summary>Adds packed digits to <paramref name="sums"/> and gives the bitwise or of all of them, by which a digit that is too wide is found.</summary>
    internal static ulong Add(ReadOnlySpan<byte> from, int bytesPerDigit, Span<ulong> sums)
    {
        var mask = (1UL << (8 * bytesPerDigit)) - 1;
        var (at, bits) = (0, 0UL);
        foreach (ref var sum in sums)
        {
            var digit = BinaryPrimitives.ReadUInt64LittleEndian(from[at..]) & mask;
            sum += digit;
            bits |= digit;
            at += bytesPerDigit;
        }
        return bits;
    }

    internal static ulong Read(ReadOnlySpan<byte> from, int bytesPerDigit, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(from[(index * bytesPerDigit)..]) & ((1UL << (8 * bytesPerDigit)) - 1);
}
