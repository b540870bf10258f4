using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Parameters.Updates;

namespace DeepSeek.Federated.Parameters.Protection;

/// <summary>How an element of the update ring is protected on the way in and revealed on the way out. Folding is always addition.</summary>
/// <remarks>Implementations hold no state between calls that a restart could lose, and work chunk by chunk: memory is O(chunk).</remarks>
public interface IProtection
{
    /// <summary>Which one this is.</summary>
    Domain.Studies.Protection Kind { get; }

    /// <summary>Protects one update.</summary>
    /// <param name="update">Its digits.</param>
    /// <param name="ring">The round's ring.</param>
    /// <param name="round">The round; a protection may protect one update only for a round and attempt.</param>
    /// <param name="attempt">The try at the round's protection, from 1.</param>
    /// <param name="blob">Receives the protected bytes.</param>
    /// <exception cref="ArgumentException">A digit does not fit the ring.</exception>
    void Encode(IDigitSource update, UpdateRing ring, RoundId round, int attempt, Stream blob);

    /// <summary>Says what is wrong with one update that its site cannot have made by the rules, as far as this protection lets anybody see.</summary>
    /// <param name="blob">The protected update; read once from where it stands, to its end when nothing is wrong.</param>
    /// <param name="limits">What an update of the round can say.</param>
    /// <param name="round">The round that it must have been made for.</param>
    /// <param name="attempt">And the attempt.</param>
    /// <returns>The end of a sentence that begins with the update, without any of its values; null when it may be added.</returns>
    string? Fault(Stream blob, UpdateLimits limits, RoundId round, int attempt);

    /// <summary>Adds updates. The bytes of the sum are the same in whatever order the blobs are given.</summary>
    /// <param name="blobs">The protected updates, one a participant; read from their beginnings, all to the same place at a time.</param>
    /// <param name="ring">The round's ring.</param>
    /// <param name="round">The round that every blob must have been made for.</param>
    /// <param name="attempt">And the attempt.</param>
    /// <param name="sum">Receives the sum, chunk after chunk. Whole chunks in it survive a crash (<see cref="UpdateRing.WholeChunks"/>).</param>
    /// <param name="firstChunk">0 to begin; otherwise <paramref name="sum"/> (seekable) already holds the chunks before it, of the same blobs.</param>
    /// <exception cref="InvalidBlobException">A blob is not an update of this ring; its index is named. What was written to the sum is void.</exception>
    void Fold(IReadOnlyList<Stream> blobs, UpdateRing ring, RoundId round, int attempt, Stream sum, long firstChunk);

    /// <summary>Opens a sum over exactly these participants.</summary>
    /// <param name="participants">Whose updates are in it.</param>
    /// <param name="ring">The round's ring.</param>
    /// <param name="round">The round.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="sum">What <see cref="Fold"/> wrote; read while the digits are read.</param>
    /// <exception cref="InvalidDataException">Not a sum of that many updates in this ring, here or while the digits are read.</exception>
    IDigitSource Reveal(ImmutableArray<SiteId> participants, UpdateRing ring, RoundId round, int attempt, Stream sum);
}
