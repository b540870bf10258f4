using System.Numerics;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>The group that updates of a round are elements of: vectors of digits modulo 2^Width. Adding them never overflows. Immutable.</summary>
/// <remarks>
/// Width = value bits + ⌈log2 participants⌉. In a blob a digit takes ⌈Width/8⌉ bytes, little-endian: byte-aligned digits fold at memory speed without
/// shifting, and 16 value bits with up to 256 sites need 3 bytes, what the encrypted form needs too (CRYPTOGRAPHY: 3.0 bytes a parameter).
/// Chunks have 245,760 digits = 16,384 coefficients of 15 digits of the <c>wide</c> profile, so that every protection cuts a vector at the same places.
/// </remarks>
public sealed record UpdateRing
{
    /// <summary>Digits of every chunk but the last.</summary>
    public const int ChunkDigits = 16_384 * 15;

    /// <summary>Most participants that one ring serves: then a sum of counts stays below 2^62.</summary>
    public const int MostParticipants = 1 << 14;

    /// <summary>Bytes before the first chunk of a blob.</summary>
    public const int HeaderBytes = 64;

    /// <summary>The ring for updates of one layout.</summary>
    /// <param name="valueBits">b, bits of a digit of one update; 8 to 32.</param>
    /// <param name="maxParticipants">Most updates that will be summed; 1 to <see cref="MostParticipants"/>.</param>
    /// <param name="layout">What the vector is made of.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public UpdateRing(int valueBits, int maxParticipants, UpdateLayout layout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(valueBits, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(valueBits, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxParticipants, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxParticipants, MostParticipants);
        (ValueBits, MaxParticipants, Layout) = (valueBits, maxParticipants, layout);
        Width = valueBits + BitOperations.Log2((uint)maxParticipants) + (BitOperations.IsPow2(maxParticipants) ? 0 : 1);
        Digits = layout.Digits(valueBits);
        _ = BlobLength;
    }

    /// <summary>b: a digit of a single update is below 2^b.</summary>
    public int ValueBits { get; }

    /// <summary>Most updates in a sum.</summary>
    public int MaxParticipants { get; }

    /// <summary>What the vector is made of.</summary>
    public UpdateLayout Layout { get; }

    /// <summary>Bits of a digit of the sum; 8 to 46.</summary>
    public int Width { get; }

    /// <summary>Number of digits.</summary>
    public long Digits { get; }

    /// <summary>Bytes that a digit takes in a blob; 1 to 6.</summary>
    public int BytesPerDigit => (Width + 7) / 8;

    /// <summary>Number of chunks, the last one perhaps short.</summary>
    public long Chunks => (Digits + ChunkDigits - 1) / ChunkDigits;

    /// <summary>2^Width - 1.</summary>
    public ulong Mask => (1UL << Width) - 1;

    /// <summary>Exact length in bytes of a clear update and of a clear sum. An upload of another length is refused before a byte of it is stored.</summary>
    public long BlobLength => checked(HeaderBytes + Digits * BytesPerDigit);

    /// <summary>Number of digits of chunk <paramref name="chunk"/>.</summary>
    public int DigitsOf(long chunk) => (int)Math.Min(ChunkDigits, Digits - chunk * ChunkDigits);

    /// <summary>Where chunk <paramref name="chunk"/> begins in a blob, in bytes; the blob's end for <see cref="Chunks"/>.</summary>
    public long OffsetOf(long chunk) => HeaderBytes + Math.Min(chunk * ChunkDigits, Digits) * BytesPerDigit;

    /// <summary>How many chunks a blob of <paramref name="length"/> bytes holds whole: where a fold that was interrupted goes on.</summary>
    public long WholeChunks(long length) =>
        length >= BlobLength ? Chunks : Math.Max(0, length - HeaderBytes) / (ChunkDigits * BytesPerDigit);

    /// <summary>One above the largest digit that a single update may have at <paramref name="index"/>: 2^b, less in the top digit of a count.</summary>
    internal ulong LimitAt(long index)
    {
        if (index < Layout.Values) return 1UL << ValueBits;
        var position = (int)((index - Layout.Values) % UpdateLayout.DigitsPerCount(ValueBits));
        return 1UL << Math.Min(ValueBits, UpdateLayout.CountBits - position * ValueBits);
    }
}
