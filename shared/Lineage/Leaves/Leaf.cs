using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Merkle;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>One entry of the ledger, before its body is understood.</summary>
/// <param name="Stream">The stream it belongs to, such as <c>study/heart</c>; 1 to 200 of a-z, 0-9, '-' and '/'.</param>
/// <param name="Sequence">Position in the stream, from 0.</param>
/// <param name="At">When it was decided, by the coordinator's clock.</param>
/// <param name="Actor">Who caused it; 1 to 200 printable ASCII characters.</param>
/// <param name="Type">Name of the event type, kebab-case; 1 to 80.</param>
/// <param name="Version">Version of that type's schema; ≥ 1.</param>
/// <param name="Body">The event: a canonical JSON object.</param>
/// <param name="Private">Commitment to a part that is stored beside the ledger and can be erased, where there is one.</param>
public sealed record Leaf(
    string Stream, long Sequence, DateTimeOffset At, string Actor, string Type, int Version, ImmutableArray<byte> Body, Digest? Private)
{
    /// <summary>The longest leaf in bytes (1 MiB).</summary>
    public const int LargestLength = 1 << 20;

    /// <summary>The leaf's bytes: canonical JSON with the keys actor, at, body, private (where there is one), sequence, stream, type and v.</summary>
    /// <exception cref="FormatException">A part breaks its bound, or the body is not a canonical JSON object.</exception>
    public byte[] Encode() => LeafFormat.Encode(this);

    /// <summary>Reads a leaf.</summary>
    /// <exception cref="FormatException">Not canonical JSON, an unknown, missing or wrong field, or longer than 1 MiB.</exception>
    public static Leaf Decode(ReadOnlyMemory<byte> leaf) => LeafFormat.Decode(leaf);

    /// <summary>The hash under which the encoded leaf stands in the tree.</summary>
    public Digest Hash() => MerkleHash.Leaf(Encode());

    /// <summary>Two leaves are the same when they say the same.</summary>
    public bool Equals(Leaf? other) =>
        other is not null && Stream == other.Stream && Sequence == other.Sequence && At == other.At && Actor == other.Actor
        && Type == other.Type && Version == other.Version && Private == other.Private && Body.AsSpan().SequenceEqual(other.Body.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stream, Sequence, Type, Version);
}
