using DeepSeek.Federated.Data;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Sandbox.Data;
using DeepSeek.Federated.Sandbox.Progress;
using DeepSeek.Federated.Sandbox.Report;

namespace DeepSeek.Federated.Sandbox.Comparison;

/// <summary>
/// What only a sandbox can compute, since it alone holds everybody's rows: the initial version, each site alone, all rows in one place. Alone and
/// pooled models begin where the study began and take as many steps as the study's sites did: a site its own, the pooled one those of all together.
/// </summary>
internal sealed class Contrast(StudyManifest manifest, IReadOnlyList<SiteTable> tables, long seed, string folder)
{
    /// <summary>All accuracies; the federated ones are the study's own opened counts and disclosed figures.</summary>
    public async Task<Scores> Score(StudyView last, string first, string newest, CancellationToken cancellationToken)
    {
        var sites = await Task.WhenAll(tables.Select(t => Read(t, t.Site, cancellationToken)));
        var pooled = await Read(SitePool.Write(folder, tables), "all sites together", cancellationToken);
        return await Task.Run(
            () =>
            {
                TorchRuntime.Start(1);
                using var lab = new Laboratory(manifest, seed, first, newest);
                return Score(lab, last, sites, pooled, cancellationToken);
            },
            cancellationToken);
    }

    private Scores Score(Laboratory lab, StudyView last, SplitExamples[] sites, SplitExamples pooled, CancellationToken cancellationToken)
    {
        var rounds = last.Versions.Max(v => v.Round);
        int[] steps = [.. sites.Select(s => checked((int)(manifest.Training.StepsOver(s.Train.Count) * rounds)))];
        var together = lab.Train("pooled", pooled.Train, steps.Sum(), cancellationToken);
        var evaluation = last.Rounds.LastOrDefault(r => r is { Kind: "evaluation", Outcome: "revealed" });
        var (scores, offset, aloneRight, beforeRight) = (new List<SiteScores>(), 0, 0L, 0L);
        for (var i = 0; i < sites.Length; i++)
        {
            var (site, test) = (tables[i].Site, sites[i].Test);
            // The pooled table is the sites' tables one after another, so its test rows are too.
            var own = Slice(pooled.Test, offset, test.Count);
            offset += test.Count;
            var trained = lab.Train(site, sites[i].Train, steps[i], cancellationToken);
            var (before, alone) = (lab.Before(test, cancellationToken), lab.Right(trained, test, cancellationToken));
            var everywhere = sites.Sum(s => lab.Right(trained, s.Test, cancellationToken));
            (beforeRight, aloneRight) = (beforeRight + before, aloneRight + alone);
            scores.Add(new SiteScores(
                site, test.Count, Share(before, test.Count), Disclosed(evaluation, site), Share(alone, test.Count), Share(everywhere, pooled.Test.Count),
                Share(lab.Right(together, own, cancellationToken), test.Count)));
        }
        var rows = pooled.Test.Count;
        return new Scores(scores, new PooledScores(
            rows, Share(beforeRight, rows), Opened(evaluation), Share(aloneRight, rows), Share(lab.Right(together, pooled.Test, cancellationToken), rows),
            Share(lab.After(pooled.Test, cancellationToken), rows)));
    }

    private async Task<SplitExamples> Read(SiteTable table, string who, CancellationToken cancellationToken) =>
        await table.Connector.Read(manifest.Dataset, cancellationToken) switch
        {
            DatasetReading.Ready ready     => ready.Examples,
            DatasetReading.Refused refused => throw new SandboxFault($"The rows of {who} do not fit the study's contract, so nothing can be compared: {string.Join(' ', refused.Faults.Select(f => f.Sentence))}"),
            _                              => throw new InvalidOperationException("The family of readings is closed."),
        };

    private static Examples Slice(Examples all, int from, int count) =>
        new(count, all.Width, all.Features[(from * all.Width)..((from + count) * all.Width)], all.Labels[from..(from + count)]);

    private static double? Disclosed(RoundView? evaluation, string site) =>
        evaluation?.Figures.FirstOrDefault(f => f.Site == site && f.Figure == "accuracy")?.Value;

    private static double? Opened(RoundView? evaluation) =>
        evaluation is not null && evaluation.Counts.TryGetValue("test.rows", out var rows) && rows > 0 && evaluation.Counts.TryGetValue("test.correct", out var right)
            ? right / (double)rows
            : null;

    private static double Share(long right, int rows) => rows == 0 ? 0 : right / (double)rows;
}
