using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Telemetry;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Storage.Blobs;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Grains.Aggregates;

/// <summary>Adds the updates of a closed round and opens the sum. A function of the accepted digests: done again, it gives the same blob.</summary>
/// <remarks>Runs on the thread pool, never on a grain's scheduler. The fold holds one chunk, whatever the number of updates.</remarks>
public sealed class Aggregator(IBlobStore blobs, IEnumerable<IProtection> protections)
{
    private readonly ImmutableDictionary<Protection, IProtection> _protections = protections.ToImmutableDictionary(p => p.Kind);

    /// <summary>Whether this coordinator can fold and open updates under a protection.</summary>
    public bool Knows(Protection protection) => _protections.ContainsKey(protection);

    /// <summary>Folds and opens.</summary>
    /// <exception cref="IOException">The blob store is out of order: try again.</exception>
    public Task<AggregateOutcome> Open(RoundState.Closed round, StudyManifest manifest, CancellationToken cancellationToken) =>
        Task.Run(() => OpenOffScheduler(round, manifest, cancellationToken), cancellationToken);

    /// <summary>Reads a sum that was opened before.</summary>
    /// <exception cref="InvalidDataException">The blob is no sum of these participants' updates.</exception>
    internal OpenedSum Read(RoundOpened opened, ImmutableArray<SiteId> used, Digest aggregate, StudyManifest manifest)
    {
        var ring = RoundLayout.RingOf(opened, manifest);
        using var sum = blobs.OpenRead(aggregate);
        return OpenedSum.Decode(ring, RoundLayout.PlanOf(opened), used.Length, _protections[opened.Protection].Reveal(used, ring, new RoundId(opened.Study, opened.Round), opened.Attempt, sum));
    }

    private async Task<AggregateOutcome> OpenOffScheduler(RoundState.Closed round, StudyManifest manifest, CancellationToken cancellationToken)
    {
        using var activity = FederationMetrics.Activities.StartActivity("federated.round.fold");
        var ring = RoundLayout.RingOf(round.Opened, manifest);
        var updates = round.Updates.Where(u => round.Used.Contains(u.Site)).ToArray();
        foreach (var update in updates)
            if (await blobs.Status(update.Blob, cancellationToken) is not BlobStatus.Whole(var length) || length != ring.BlobLength)
                return new AggregateOutcome.Unusable($"Update {update.Blob.Short} is not there with its {ring.BlobLength} bytes.");
        try
        {
            var aggregate = await Fold(round, ring, updates, cancellationToken);
            var sum = Read(round.Opened, round.Used, aggregate, manifest);
            return Fault(sum) is { } fault
                ? new AggregateOutcome.Unusable(fault)
                : new AggregateOutcome.Opened(aggregate, [.. sum.Counts.Select(c => new NamedCount(c.Key, c.Value))]);
        }
        catch (InvalidBlobException broken)
        {
            return new AggregateOutcome.Unusable($"Update {updates[broken.Index].Blob.Short} is refused: {broken.Reason}");
        }
        catch (InvalidDataException broken)
        {
            return new AggregateOutcome.Unusable(broken.Message);
        }
        catch (FileNotFoundException)
        {
            return new AggregateOutcome.Unusable("An update was deleted while it was read.");
        }
    }

    private async Task<Digest> Fold(RoundState.Closed round, UpdateRing ring, UpdateAccepted[] updates, CancellationToken cancellationToken)
    {
        var streams = new List<Stream>(updates.Length);
        try
        {
            foreach (var update in updates) streams.Add(blobs.OpenRead(update.Blob));
            return await blobs.Write(sum =>
            {
                _protections[round.Opened.Protection].Fold(streams, ring, round.Id, round.Opened.Attempt, sum, firstChunk: 0);
                return Task.CompletedTask;
            }, cancellationToken);
        }
        finally
        {
            foreach (var stream in streams) await stream.DisposeAsync();
        }
    }

    // What honest participants cannot have made, seen in the sum alone.
    private static string? Fault(OpenedSum sum)
    {
        if (sum.Count(CountNames.TestCorrect) > sum.Count(CountNames.TestRows) || sum.Counts.GetValueOrDefault(CountNames.PersonalCorrect) > sum.Count(CountNames.TestRows))
            return "More test rows were classified rightly than there are.";
        if (!sum.Counts.TryGetValue(CountNames.Weight, out var weight)) return null;
        return weight >= sum.Participants && weight <= (long)sum.Participants * sum.WeightCap
            ? null
            : "The participants' weights are not what their number and the weight cap allow.";
    }
}
