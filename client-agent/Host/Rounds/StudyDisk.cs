using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Rounds;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What this site's disk holds of one study: the promoted state and the updates that were finished and not settled yet.</summary>
/// <param name="PromotedRound">The round that made state k; 0 before the first.</param>
/// <param name="Staged">Finished updates by round.</param>
public sealed record StudyDisk(int PromotedRound, ImmutableSortedDictionary<int, StagedUpdate> Staged)
{
    public static StudyDisk Empty { get; } = new(0, ImmutableSortedDictionary<int, StagedUpdate>.Empty);
}

/// <summary>An update that was finished, and the state k+1 beside it. Its marker is written last: without it there is no finished update.</summary>
/// <param name="Round">The round.</param>
/// <param name="Attempt">The attempt it was protected for.</param>
/// <param name="Kind">Whether there is a state k+1 at all.</param>
/// <param name="BaseVersion">The version it began from.</param>
/// <param name="Blob">SHA-256 of the protected bytes.</param>
/// <param name="Bytes">Their number.</param>
/// <param name="ChunkRoot">Merkle root over their chunks.</param>
/// <param name="Figures">What is disclosed with it, sorted.</param>
/// <param name="State">SHA-256 of the staged state; absent for an evaluation.</param>
/// <param name="Policy">The policy under which it was made.</param>
/// <param name="Threads">Threads of the training: another number gives other bits.</param>
/// <param name="Intact">Whether the bytes on disk are still those.</param>
public sealed record StagedUpdate(
    int Round, int Attempt, RoundKind Kind, Digest BaseVersion, Digest Blob, long Bytes, Digest ChunkRoot, ImmutableArray<DisclosedFigure> Figures,
    Digest? State, Digest Policy, int Threads, [property: System.Text.Json.Serialization.JsonIgnore] bool Intact = true);
