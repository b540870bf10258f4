using System.Buffers.Binary;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>The 64 bytes before the digits of an update or a sum. There is exactly one lawful header for a ring and a number of participants.</summary>
/// <remarks>
/// Little-endian: 0 "DSFU" | 4 format version (u16, 1) | 6 protection (u8) | 7 kind (u8: 0 update, 1 sum) | 8 width (u8) | 9 value bits (u8) |
/// 10 bytes a digit (u16) | 12 updates in it (u32, 1 for an update) | 16 digits (u64) | 24 digits a chunk (u32) | 28 most participants (u32) |
/// 32 value digits (u64) | 40 tag (16 bytes of SHA-256 of "STUDY/ROUND/ATTEMPT") | 56 zeros. The tag makes equal updates of different rounds
/// different blobs: deleting one round's never deletes another's, and none can be folded where it does not belong.
/// </remarks>
internal static class BlobHeader
{
    internal static byte[] OfUpdate(UpdateRing ring, Domain.Studies.Protection protection, RoundId round, int attempt) =>
        Write(ring, protection, 0, 1, round, attempt);

    internal static byte[] OfSum(UpdateRing ring, Domain.Studies.Protection protection, RoundId round, int attempt, int participants) =>
        Write(ring, protection, 1, participants, round, attempt);

    /// <summary>Says in which field a header first differs from the lawful one; null when it does not.</summary>
    internal static string? Difference(ReadOnlySpan<byte> lawful, ReadOnlySpan<byte> found) => lawful.CommonPrefixLength(found) switch
    {
        UpdateRing.HeaderBytes => null,
        < 4 => "it does not begin as an update does",
        < 6 => "its format version is not 1: update the agent or the coordinator",
        < 7 => "it bears another protection",
        < 8 => "it is a sum where an update is due, or the reverse",
        < 12 => "its digits have another width than the round's",
        < 16 => "it holds another number of updates",
        < 24 => "it has another number of digits than the round's",
        < 28 => "its chunks have another size",
        < 40 => "it was made for another cohort size or model",
        < 56 => "it was made for another round or attempt",
        _ => "its reserved bytes are not zero",
    };

    private static byte[] Write(UpdateRing ring, Domain.Studies.Protection protection, byte kind, int participants, RoundId round, int attempt)
    {
        var header = new byte[UpdateRing.HeaderBytes];
        "DSFU"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 1);
        header[6] = (byte)protection;
        header[7] = kind;
        header[8] = (byte)ring.Width;
        header[9] = (byte)ring.ValueBits;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(10), (ushort)ring.BytesPerDigit);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), participants);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), ring.Digits);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), UpdateRing.ChunkDigits);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), ring.MaxParticipants);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), ring.Layout.Values);
        Span<byte> tag = stackalloc byte[Digest.Length];
        Digest.Of(System.Text.Encoding.UTF8.GetBytes($"{round}/{attempt}")).CopyTo(tag);
        tag[..16].CopyTo(header.AsSpan(40));
        return header;
    }
}
