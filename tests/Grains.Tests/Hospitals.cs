using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Studies;

namespace DeepSeek.Federated.Grains.Tests;

/// <summary>Three enrolled sites and a submitted study. Their mean moves every value by exactly 2^-9: 2048 steps of the grid 2^-20 a round.</summary>
internal sealed class Hospitals : IAsyncDisposable
{
    internal const int StepsPerRound = 2048;

    private Hospitals(Federation federation, StudyManifest manifest) => (Federation, Manifest) = (federation, manifest);

    internal Federation Federation { get; }

    internal StudyManifest Manifest { get; }

    internal StudyId Id => Manifest.Name;


    internal IStudyGrain Study => Federation.Study(Id);

    internal IReadOnlyList<SimulatedSite> Sites { get; private set; } = [];

    internal static async Task<Hospitals> Open(int rounds = 2, int minimum = 2, string range = "1", string gridBits = "20")
    {
        var document = $$"""
            {
              "apiVersion": "federated.deepseek.com/v1", "kind": "Study", "metadata": { "name": "heart", "purpose": "to test" },
              "spec": {
                "model": { "architecture": { "kind": "logistic" }, "seed": 1, "gridBits": {{gridBits}} },
                "dataset": {
                  "name": "heart", "columns": [ { "name": "age", "kind": "number", "min": 0, "max": 120 } ],
                  "label": { "name": "num", "kind": "binary" }, "split": { "kind": "every", "testFraction": "0.25" }
                },
                "training": { "localSteps": 10, "batchSize": 4, "learningRate": "0.001" },
                "update": { "valueBits": 16, "range": {{range}}, "weightCap": 100 },
                "protection": "clear",
                "rounds": { "count": {{rounds}}, "deadline": "10m", "maxFailures": 2 },
                "cohort": { "minimum": {{minimum}}, "patience": "1m" }
              }
            }
            """;
        var canonical = CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(document));
        var reading = ManifestReader.ReadCanonical(canonical);
        Assert.True(reading is ManifestReading.Read, reading is ManifestReading.Faulty f ? string.Join('\n', f.Faults) : "");
        var federation = await Federation.Start();
        var hospitals = new Hospitals(federation, ((ManifestReading.Read)reading).Manifest);
        hospitals.Sites = [new(federation, "aachen", 1f / 1024), new(federation, "bonn", 2f / 1024), new(federation, "celle", 3f / 1024)];
        foreach (var site in hospitals.Sites) await site.Enrol();
        await federation.UntilMembers(hospitals.Sites.Count);
        Assert.IsType<SubmitOutcome.Running>(await hospitals.Submit());
        return hospitals;
    }

    internal Task<SubmitOutcome> Submit() => Study.Submit([.. Manifest.Canonical], Actors.Operator("test"));

    internal async Task ApproveAll()
    {
        foreach (var site in Sites) Assert.IsType<Answer.Recorded>(await site.Approve(Manifest));
    }

    internal async Task<StudyEvent.RoundOpened> Opened(int round) =>
        (await Federation.Until(Id, s => s.RoundNumbered(round) is not null)).RoundNumbered(round)!.Opened;

    internal Task<StudyState> Until(Func<StudyState, bool> wanted) => Federation.Until(Id, wanted);

    internal async Task<RoundState> Ended(int round) =>
        (await Until(s => s.RoundNumbered(round) is RoundState.Revealed or RoundState.Failed)).RoundNumbered(round)!;

    /// <summary>Trouble is no fact of the ledger: it is asked for until it is told.</summary>
    internal async Task UntilItSays(string sentence)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await Study.Status())!.WaitingFor != sentence) patience.Token.ThrowIfCancellationRequested();
    }

    /// <summary>All sites take part in every round until the study ends.</summary>
    internal async Task<StudyState> RunToTheEnd()
    {
        await ApproveAll();
        for (var round = 1; round <= Manifest.Rounds.Count + 1; round++)
        {
            var opened = await Opened(round);
            foreach (var site in Sites) await site.TakePart(opened, Manifest);
        }
        return await Until(s => s.Phase != StudyPhase.Running);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var site in Sites) site.Dispose();
        await Federation.DisposeAsync();
    }
}
