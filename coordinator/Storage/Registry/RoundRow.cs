using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Rounds;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>A round in figures; who is behind them stands in the ledger.</summary>
internal sealed class RoundRow
{
    public required string Study { get; init; }
    public required int Number { get; init; }
    public required RoundKind Kind { get; init; }
    public required int Attempt { get; init; }
    public required Digest BaseVersion { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }
    public required int Invited { get; init; }
    public RoundPhase Phase { get; set; }
    public int Consented { get; set; }
    public int Declined { get; set; }
    public int Updates { get; set; }
    public int Late { get; set; }
    public int Used { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public RoundFailure? Failure { get; set; }
    public Digest? Aggregate { get; set; }
}
