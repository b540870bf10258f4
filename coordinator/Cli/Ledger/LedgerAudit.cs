using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Verification;
using DeepSeek.Federated.Parameters.Versions;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>Everything that can be checked of a ledger from outside: bytes, tree, checkpoint, signatures, laws, version ids.</summary>
internal sealed class LedgerAudit(PublicKey ledgerKey)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);
    private readonly LedgerVerifier _verifier = new(new EventCatalog(), ledgerKey, ClockTolerance);
    private readonly List<UnlawfulLeaf> _versionFaults = [];

    /// <summary>The states that the ledger tells.</summary>
    public LawReplay Replay { get; } = new();

    /// <summary>Reads the whole source.</summary>
    public async Task<LedgerFindings> Run(LedgerSource source, CancellationToken cancellationToken)
    {
        await foreach (var leaf in source.Leaves(cancellationToken))
        {
            if (_verifier.Add(leaf) is not { } recorded) continue;
            Replay.Take(recorded);
            CheckVersion(recorded);
        }
        var verdict = SignedCheckpoint.TryParse(source.Checkpoint, out var checkpoint)
            ? _verifier.Complete(checkpoint)
            : new LedgerVerdict.Broken(_verifier.Size, "There is no checkpoint that can be read.");
        return new LedgerFindings(verdict, [.. Replay.Faults.Concat(_versionFaults).OrderBy(f => f.Index)]);
    }

    private void CheckVersion(RecordedEvent recorded)
    {
        if (recorded.Event is VersionPublished v && v.Version != VersionIdentity.Of(v.Study, v.Round, v.Content, v.Parent))
            _versionFaults.Add(new UnlawfulLeaf(recorded.Index, recorded.Event.Stream, "The version's id is not that of its content, parent and round."));
    }
}
