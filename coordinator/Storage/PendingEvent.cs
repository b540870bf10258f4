using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Storage;

/// <summary>A decided fact that is to be written.</summary>
/// <param name="Event">The fact.</param>
/// <param name="Actor">Who caused it (<see cref="Actors"/>).</param>
/// <param name="At">When it was decided.</param>
/// <param name="Sequence">The position in the event's stream that the decision was made for.</param>
/// <param name="PrivatePart">Canonical JSON that the leaf commits to, salted here, and does not show; at most 1 MiB, none when empty.</param>
public sealed record PendingEvent(LedgerEvent Event, string Actor, DateTimeOffset At, long Sequence, ReadOnlyMemory<byte>? PrivatePart = null);
