using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DeepSeek.Federated.Parameters.Randomness;

/// <summary>A reproducible stream of random bytes for one purpose: the same seed and purpose give the same bytes on every CPU, for ever.</summary>
/// <remarks>
/// key = HMAC-SHA256(seed, UTF-8(purpose)); bytes = AES-256-CTR keystream under that key, 128-bit big-endian counter from 0 (NIST SP 800-38A).
/// Integers are read from the bytes little-endian. As secret as its seed. Not thread-safe; 4 KiB of state; zeroed on dispose.
/// </remarks>
public sealed class SeededStream : IDisposable
{
    /// <summary>Fewest bytes of a seed.</summary>
    public const int ShortestSeed = 16;

    private const int BlockBytes = 16;
    private readonly Aes _aes = Aes.Create();
    private readonly byte[] _counters = new byte[4096];
    private readonly byte[] _bytes = new byte[4096];
    private ulong _nextBlock;
    private int _used = 4096;

    /// <summary>Begins the stream of <paramref name="purpose"/> under <paramref name="seed"/>.</summary>
    /// <param name="seed">At least <see cref="ShortestSeed"/> bytes; never kept. Of one length for one use: HMAC does not see zeros at its end.</param>
    /// <param name="purpose">What the bytes are for. Streams of different purposes are independent.</param>
    /// <exception cref="ArgumentException">The seed is too short.</exception>
    public SeededStream(ReadOnlySpan<byte> seed, string purpose)
    {
        if (seed.Length < ShortestSeed) throw new ArgumentException($"A seed has at least {ShortestSeed} bytes, not {seed.Length}.", nameof(seed));
        Span<byte> key = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, Encoding.UTF8.GetBytes(purpose), key);
        _aes.SetKey(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Fills <paramref name="to"/> with the next bytes.</summary>
    public void Fill(Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            if (_used == _bytes.Length) Refill();
            var count = Math.Min(to.Length, _bytes.Length - _used);
            _bytes.AsSpan(_used, count).CopyTo(to);
            _used += count;
            to = to[count..];
        }
    }

    /// <summary>The next 4 bytes as an integer, uniform on [0, 2^32).</summary>
    public uint NextUInt32()
    {
        if (_bytes.Length - _used >= sizeof(uint))
        {
            var quick = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_used));
            _used += sizeof(uint);
            return quick;
        }
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>The next 8 bytes as an integer, uniform on [0, 2^64).</summary>
    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Uniform on [0, n), without bias: ⌊x·n/2^32⌋ of 32-bit draws x, those that would bias it drawn again.</summary>
    /// <param name="n">At least 1.</param>
    /// <remarks>Lemire, Fast Random Integer Generation in an Interval, ACM TOMACS 2019, Algorithm 5.</remarks>
    public int NextBelow(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var product = (ulong)NextUInt32() * (uint)n;
        var biased = (uint)((1UL << 32) % (uint)n);
        while ((uint)product < biased) product = (ulong)NextUInt32() * (uint)n;
        return (int)(product >> 32);
    }

    /// <summary>Uniform on the multiples of 2^-53 in [0, 1): the top 53 bits of <see cref="NextUInt64"/>.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts <paramref name="items"/> into a uniformly random order (Fisher-Yates, from the last to the second).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextBelow(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _aes.Dispose();
    }

    private void Refill()
    {
        for (var at = 0; at < _counters.Length; at += BlockBytes)
            BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(at + sizeof(ulong)), _nextBlock++);
        _aes.EncryptEcb(_counters, _bytes, PaddingMode.None);
        _used = 0;
    }
}
