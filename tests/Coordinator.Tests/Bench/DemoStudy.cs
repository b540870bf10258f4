using System.Collections.Immutable;
using System.Text;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>A small lawful study, and updates for it.</summary>
internal sealed class DemoStudy
{
    public DemoStudy(string name, int rounds, params string[] sites)
    {
        var json = $$$"""
            {"apiVersion":"federated.deepseek.com/v1","kind":"Study","metadata":{"name":"{{{name}}}","purpose":"a test"},"spec":{
              "model":{"architecture":{"kind":"logistic"},"seed":42},
              "dataset":{"name":"demo","columns":[{"name":"a","kind":"number","min":0,"max":1},{"name":"b","kind":"number","min":0,"max":1}],
                "label":{"name":"y","kind":"binary","positiveAbove":0},"split":{"kind":"column","name":"set"},"minimumRows":1},
              "training":{"localSteps":1,"batchSize":1,"learningRate":"0.1"},"update":{"valueBits":16,"weightCap":10},
              "protection":"clear","strategy":{"kind":"fedavg"},"rounds":{"count":{{{rounds}}},"deadline":"1h"},
              "cohort":{"sites":[{{{string.Join(',', sites.Select(s => $"\"{s}\""))}}}],"minimum":2} } }
            """;
        Manifest = ManifestReader.ReadCanonical(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json))) switch
        {
            ManifestReading.Read(var read) => read,
            ManifestReading.Faulty(var faults) => throw new FormatException(string.Join('\n', faults)),
            _ => throw new InvalidOperationException(),
        };
    }

    public StudyManifest Manifest { get; }

    public ByteString Bytes => ByteString.CopyFrom(Manifest.Canonical.AsSpan());

    public Task<SubmitStudyReply> Submit(Operators.OperatorsClient operators) => operators.SubmitStudyAsync(new SubmitStudyRequest { Manifest = Bytes }).ResponseAsync;

    /// <summary>A site's update: every delta is 0.5 and a little that is the site's own, ten rows; or for an evaluation ten rows, eight right.</summary>
    public (byte[] Bytes, Digest ChunkRoot) Update(RoundOpened opened, int ofSite = 0)
    {
        var counts = ImmutableSortedDictionary<string, long>.Empty.Add(CountNames.TestRows, 10).Add(CountNames.TestCorrect, 8).Add(CountNames.TestLoss, 5);
        var ring = RoundLayout.RingOf(opened, Manifest);
        IDigitSource digits = opened.Kind == RoundKind.Evaluation ? new CountDigits(ring, counts) : new UpdateEncoder(
            ring, RoundLayout.PlanOf(opened), TensorLayout.Of(Manifest.Model),
            new UpdateDraft { Deltas = new[] { 0.5f, 0.5f, 0.5f + ofSite / 1024f }, Rows = 10, Counts = counts }, new Parameters.Randomness.SeededStream(new byte[32], "test"));
        using var blob = new MemoryStream();
        new ClearProtection().Encode(digits, ring, new(opened.Study, opened.Round), opened.Attempt, blob);
        blob.Position = 0;
        return (blob.ToArray(), ChunkTree.Root(blob));
    }

    /// <summary>Waits for a round to be opened, as a site sees it.</summary>
    public static async Task<RoundOpened> Opened(TestSite site, int round)
    {
        for (var after = 0L; ;)
        {
            var seen = await site.Poll(after);
            if (seen.Select(e => e.Event).OfType<RoundOpened>().FirstOrDefault(e => e.Round == round) is { } opened) return opened;
            after = seen[^1].Index + 1;
        }
    }

    /// <summary>Submits the study, lets the sites approve and consent, and gives the first round.</summary>
    public async Task<RoundOpened> Begin(Operators.OperatorsClient operators, params TestSite[] sites)
    {
        await Submit(operators);
        foreach (var site in sites) await site.Approve(Manifest.Name, Manifest.Digest);
        return await Opened(sites[0], 1);
    }
}
