using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>The digits of a clear sum, read as they are asked for.</summary>
internal sealed class ClearSum : IDigitSource
{
    private const int Block = 16 * 1024;
    private readonly UpdateRing _ring;
    private readonly Stream _sum;
    private readonly byte[] _bytes;
    private long _position;

    internal ClearSum(UpdateRing ring, Stream sum, byte[] lawfulHeader)
    {
        (_ring, _sum, _bytes) = (ring, sum, new byte[Block * ring.BytesPerDigit + DigitBytes.Slack]);
        if (sum.CanSeek) sum.Position = 0;
        var header = new byte[UpdateRing.HeaderBytes];
        var read = sum.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < header.Length || BlobHeader.Difference(lawfulHeader, header) is not null)
            throw new InvalidDataException($"This is no sum of these updates: {BlobHeader.Difference(lawfulHeader, header) ?? "it is cut short"}. Fold again.");
    }

    public void Next(Span<ulong> digits)
    {
        if (digits.Length > _ring.Digits - _position) throw new InvalidOperationException("The sum has no more digits.");
        _position += digits.Length;
        for (; !digits.IsEmpty; digits = digits[Math.Min(Block, digits.Length)..])
        {
            var part = digits[..Math.Min(Block, digits.Length)];
            var length = part.Length * _ring.BytesPerDigit;
            if (_sum.ReadAtLeast(_bytes.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
                throw new InvalidDataException("The sum is cut short: fold again.");
            part.Clear();
            if (DigitBytes.Add(_bytes, _ring.BytesPerDigit, part) > _ring.Mask) throw new InvalidDataException("A digit of the sum does not fit the ring: fold again.");
        }
        if (_position == _ring.Digits && _sum.ReadByte() >= 0) throw new InvalidDataException("Bytes follow the end of the sum: fold again.");
    }
}
