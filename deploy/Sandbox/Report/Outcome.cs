using DeepSeek.Federated.Sandbox.Progress;

namespace DeepSeek.Federated.Sandbox.Report;

/// <summary>How one run of the sandbox ended.</summary>
/// <param name="Study">The study's last status.</param>
/// <param name="Seed">Seed of the initial weights, the synthetic rows and the agents' randomness.</param>
/// <param name="Synthetic">Whether the rows are synthetic.</param>
/// <param name="Rows">What one row is called, in the plural.</param>
/// <param name="WallSeconds">From the first process to the study's end.</param>
/// <param name="Scores">Accuracies.</param>
/// <param name="Ledger">What `dsfed ledger verify` said.</param>
/// <param name="Coordinator">What the coordinator process used.</param>
/// <param name="Agents">What each site's agent process used, up to the study's end.</param>
internal sealed record Outcome(
    StudyView Study, long Seed, bool Synthetic, string Rows, double WallSeconds, Scores Scores, LedgerView Ledger, ProcessView Coordinator,
    IReadOnlyDictionary<string, ProcessView> Agents);

/// <summary>The verdict on the ledger.</summary>
internal sealed record LedgerView(bool Verified, long Size, string? RootHash, IReadOnlyList<string> Faults);

/// <summary>What one process used; a peak of 0 where the operating system does not tell it.</summary>
internal sealed record ProcessView(double CpuSeconds, long PeakRssBytes);
