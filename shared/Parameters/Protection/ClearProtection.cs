using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>No protection: the coordinator can read every single update. The same ring, chunks and sums as the protections that hide them.</summary>
/// <remarks>A blob is a 64-byte header and the digits, chunk after chunk, each in the ring's BytesPerDigit bytes; a sum likewise. Thread-safe.</remarks>
public sealed class ClearProtection : IProtection
{
    /// <inheritdoc/>
    public Domain.Studies.Protection Kind => Domain.Studies.Protection.Clear;

    /// <inheritdoc/>
    public void Encode(IDigitSource update, UpdateRing ring, RoundId round, int attempt, Stream blob)
    {
        blob.Write(BlobHeader.OfUpdate(ring, Kind, round, attempt));
        var (digits, bytes) = Buffers(ring);
        for (var chunk = 0L; chunk < ring.Chunks; chunk++)
        {
            var part = digits.AsSpan(0, ring.DigitsOf(chunk));
            update.Next(part);
            for (var i = 0; i < part.Length; i++)
                if (part[i] >= ring.LimitAt(chunk * UpdateRing.ChunkDigits + i)) throw new ArgumentException("A digit does not fit the ring.", nameof(update));
            DigitBytes.Pack(part, ring.BytesPerDigit, bytes);
            blob.Write(bytes, 0, part.Length * ring.BytesPerDigit);
        }
    }

    /// <inheritdoc/>
    public string? Fault(Stream blob, UpdateLimits limits, RoundId round, int attempt) => new ClearCheck(limits).Fault(blob, BlobHeader.OfUpdate(limits.Ring, Kind, round, attempt));

    /// <inheritdoc/>
    public void Fold(IReadOnlyList<Stream> blobs, UpdateRing ring, RoundId round, int attempt, Stream sum, long firstChunk)
    {
        if (blobs.Count < 1 || blobs.Count > ring.MaxParticipants)
            throw new ArgumentException($"The ring sums 1 to {ring.MaxParticipants} updates, not {blobs.Count}.", nameof(blobs));
        if (firstChunk < 0 || firstChunk > ring.Chunks) throw new ArgumentOutOfRangeException(nameof(firstChunk), firstChunk, $"The ring has {ring.Chunks} chunks.");
        var lawful = BlobHeader.OfUpdate(ring, Kind, round, attempt);
        for (var index = 0; index < blobs.Count; index++) Open(blobs[index], lawful, ring, index, firstChunk);
        Begin(sum, BlobHeader.OfSum(ring, Kind, round, attempt, blobs.Count), ring, firstChunk);

        var (sums, bytes) = Buffers(ring);
        for (var chunk = firstChunk; chunk < ring.Chunks; chunk++)
        {
            var part = sums.AsSpan(0, ring.DigitsOf(chunk));
            part.Clear();
            for (var index = 0; index < blobs.Count; index++) AddChunk(blobs[index], ring, chunk, index, part, bytes);
            DigitBytes.Pack(part, ring.BytesPerDigit, bytes);
            sum.Write(bytes, 0, part.Length * ring.BytesPerDigit);
        }
        for (var index = 0; index < blobs.Count; index++)
            if (blobs[index].ReadByte() >= 0) throw new InvalidBlobException(index, "bytes follow its last digit.");
    }

    /// <inheritdoc/>
    public IDigitSource Reveal(ImmutableArray<SiteId> participants, UpdateRing ring, RoundId round, int attempt, Stream sum) =>
        new ClearSum(ring, sum, BlobHeader.OfSum(ring, Kind, round, attempt, participants.Length));

    private static void Open(Stream blob, byte[] lawful, UpdateRing ring, int index, long firstChunk)
    {
        if (blob.CanSeek)
        {
            blob.Position = 0;
            if (blob.Length != ring.BlobLength) throw new InvalidBlobException(index, $"it has {blob.Length} bytes; updates of this round have {ring.BlobLength}.");
        }
        Span<byte> header = stackalloc byte[UpdateRing.HeaderBytes];
        if (blob.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) throw new InvalidBlobException(index, "it is cut short.");
        if (BlobHeader.Difference(lawful, header) is { } difference) throw new InvalidBlobException(index, difference + ".");
        if (firstChunk > 0) blob.Position = ring.OffsetOf(firstChunk);
    }

    private static void Begin(Stream sum, byte[] header, UpdateRing ring, long firstChunk)
    {
        if (firstChunk == 0)
        {
            sum.Write(header);
            return;
        }
        sum.Position = 0;
        var found = new byte[UpdateRing.HeaderBytes];
        var read = sum.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        if (read < found.Length || BlobHeader.Difference(header, found) is not null || ring.WholeChunks(sum.Length) < firstChunk)
            throw new InvalidDataException($"The sum to go on from does not hold {firstChunk} chunks of these updates: begin it again.");
        sum.Position = ring.OffsetOf(firstChunk);
        sum.SetLength(sum.Position);
    }

    private static void AddChunk(Stream blob, UpdateRing ring, long chunk, int index, Span<ulong> sums, byte[] bytes)
    {
        var length = sums.Length * ring.BytesPerDigit;
        if (blob.ReadAtLeast(bytes.AsSpan(0, length), length, throwOnEndOfStream: false) < length) throw new InvalidBlobException(index, "it is cut short.");
        var tooWide = DigitBytes.Add(bytes, ring.BytesPerDigit, sums) >> ring.ValueBits != 0;
        // Only the top digits of counts have a lower limit than the rest; they lie at the very end.
        var first = chunk * UpdateRing.ChunkDigits;
        for (var i = (int)Math.Min(sums.Length, Math.Max(0, ring.Layout.Values - first)); i < sums.Length && !tooWide; i++)
            tooWide = DigitBytes.Read(bytes, ring.BytesPerDigit, i) >= ring.LimitAt(first + i);
        if (tooWide) throw new InvalidBlobException(index, $"a digit of chunk {chunk} is larger than one update's can be.");
    }

    private static (ulong[] Digits, byte[] Bytes) Buffers(UpdateRing ring)
    {
        var digits = (int)Math.Min(UpdateRing.ChunkDigits, ring.Digits);
        return (new ulong[digits], new byte[digits * ring.BytesPerDigit + DigitBytes.Slack]);
    }
}
