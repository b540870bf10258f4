using System.Collections.Immutable;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>Reads one clear update once, block by block, and holds it to its limits. Of the values it remembers the extremes only: their weight comes after them.</summary>
/// <remarks>Not thread-safe, and for one update.</remarks>
internal sealed class ClearCheck(UpdateLimits limits)
{
    private const int Block = 16 * 1024;

    private readonly UpdateRing _ring = limits.Ring;
    private readonly int _perCount = UpdateLayout.DigitsPerCount(limits.Ring.ValueBits);
    private readonly long[] _counts = new long[limits.Ring.Layout.Counts.Length];
    private ulong _smallest = ulong.MaxValue, _largest;

    internal string? Fault(Stream blob, ReadOnlySpan<byte> lawfulHeader)
    {
        Span<byte> header = stackalloc byte[UpdateRing.HeaderBytes];
        if (blob.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return "it is cut short.";
        if (BlobHeader.Difference(lawfulHeader, header) is { } difference) return difference + ".";
        var bytes = new byte[Block * _ring.BytesPerDigit + DigitBytes.Slack];
        for (var at = 0L; at < _ring.Digits; at += Block)
        {
            var digits = (int)Math.Min(Block, _ring.Digits - at);
            var length = digits * _ring.BytesPerDigit;
            if (blob.ReadAtLeast(bytes.AsSpan(0, length), length, throwOnEndOfStream: false) < length) return "it is cut short.";
            if (!TakeBlock(bytes, at, digits)) return "a digit is larger than one update's can be.";
        }
        if (blob.ReadByte() >= 0) return "bytes follow its last digit.";
        return limits.Fault(Farthest, Counts);
    }

    private long Offset => 1L << (_ring.ValueBits - 1);

    private long Farthest => _ring.Layout.Values == 0 ? 0 : Math.Max(Offset - (long)_smallest, (long)_largest - Offset);

    private ImmutableSortedDictionary<string, long> Counts =>
        _ring.Layout.Counts.Zip(_counts).ToImmutableSortedDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);

    private bool TakeBlock(byte[] bytes, long first, int digits)
    {
        var values = (int)Math.Clamp(_ring.Layout.Values - first, 0, digits);
        for (var i = 0; i < values; i++)
        {
            var digit = DigitBytes.Read(bytes, _ring.BytesPerDigit, i);
            (_smallest, _largest) = (Math.Min(_smallest, digit), Math.Max(_largest, digit));
        }
        if (values > 0 && _largest >= 1UL << _ring.ValueBits) return false;
        for (var i = values; i < digits; i++)
        {
            var digit = DigitBytes.Read(bytes, _ring.BytesPerDigit, i);
            if (digit >= _ring.LimitAt(first + i)) return false;
            var (count, place) = Math.DivRem(first + i - _ring.Layout.Values, _perCount);
            _counts[count] |= (long)digit << ((int)place * _ring.ValueBits);
        }
        return true;
    }
}
