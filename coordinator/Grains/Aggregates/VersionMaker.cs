using System.Collections.Immutable;
using DeepSeek.Federated.Aggregation;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Telemetry;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Versions;
using DeepSeek.Federated.Storage.Blobs;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Grains.Aggregates;

/// <summary>Makes version 0 from the manifest and every later one from an opened sum; stores snapshot, delta and the strategy's state.</summary>
/// <remarks>Runs on the thread pool. Deterministic and content-addressed: done again after a crash, it gives the same version and the same blobs.</remarks>
public sealed class VersionMaker(IBlobStore blobs, Aggregator aggregator)
{
    /// <summary>Makes version 0. Its strategy state is the digest of nothing: there is no blob before the first step.</summary>
    public Task<VersionOutcome> MakeInitial(StudyManifest manifest, CancellationToken cancellationToken) =>
        Task.Run(() => InitialOffScheduler(manifest, cancellationToken), cancellationToken);

    /// <summary>Lets the manifest's strategy step from <paramref name="parent"/> by an opened sum.</summary>
    /// <param name="manifest">The manifest in force.</param>
    /// <param name="opened">The round.</param>
    /// <param name="used">Whose updates are in the sum.</param>
    /// <param name="aggregate">The sum's blob.</param>
    /// <param name="parent">The version that the round began from.</param>
    /// <param name="cancellationToken">Ends the work early; it is taken up again later.</param>
    public Task<VersionOutcome> Make(
        StudyManifest manifest, RoundOpened opened, ImmutableArray<SiteId> used, Digest aggregate, VersionPublished parent, CancellationToken cancellationToken) =>
        Task.Run(() => MakeOffScheduler(manifest, opened, used, aggregate, parent, cancellationToken), cancellationToken);

    private async Task<VersionOutcome> InitialOffScheduler(StudyManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            if (TensorLayout.Of(manifest.Model).TotalLength > TensorLayout.LargestArray) throw new NotSupportedException($"The model has more than {TensorLayout.LargestArray:N0} values.");
            using var safetensors = manifest.Model.Start is InitialWeights.FromBlob from ? await OpenWhole(from.Safetensors, cancellationToken) : null;
            var content = InitialVersion.Make(manifest.Model, safetensors);
            var (snapshot, bytes) = await Store(stream => VersionSnapshot.Write(stream, content), cancellationToken);
            return new VersionOutcome.Made(new VersionPublished(
                manifest.Name, 0, VersionIdentity.Of(manifest.Name, 0, content.Digest, null), content.Digest, null, snapshot, bytes, null, 0, default));
        }
        catch (Exception broken) when (broken is InvalidDataException or ArgumentException or NotSupportedException or FileNotFoundException)
        {
            return new VersionOutcome.Impossible(broken.Message);
        }
    }

    private async Task<VersionOutcome> MakeOffScheduler(
        StudyManifest manifest, RoundOpened opened, ImmutableArray<SiteId> used, Digest aggregate, VersionPublished parent, CancellationToken cancellationToken)
    {
        using var activity = FederationMetrics.Activities.StartActivity("federated.round.step");
        var from = ReadContent(manifest, parent);
        var sum = aggregator.Read(opened, used, aggregate, manifest);
        var outcome = Strategies.For(manifest).Step(from, ReadState(parent, from.Values.Length), sum, opened.Cohort.Length);
        if (outcome is StrategyOutcome.GridOverflow overflow) return new VersionOutcome.Impossible(overflow.Reason);
        if (outcome is StrategyOutcome.NoWeight none) return new VersionOutcome.Impossible(none.Reason);

        var stepped = (StrategyOutcome.Stepped)outcome;
        var (snapshot, bytes) = await Store(stream => VersionSnapshot.Write(stream, stepped.Next), cancellationToken);
        var (delta, deltaBytes) = await Store(stream => VersionDelta.Write(stream, from, stepped.Next), cancellationToken);
        var (state, _) = await Store(stepped.State.Write, cancellationToken);
        return new VersionOutcome.Made(new VersionPublished(
            manifest.Name, opened.Round, VersionIdentity.Of(manifest.Name, opened.Round, stepped.Next.Digest, parent.Version), stepped.Next.Digest,
            parent.Version, snapshot, bytes, delta, deltaBytes, state));
    }

    private VersionContent ReadContent(StudyManifest manifest, VersionPublished version)
    {
        using var snapshot = blobs.OpenRead(version.Snapshot);
        var content = VersionSnapshot.Read(snapshot, manifest.Model);
        return content.Digest == version.Content
            ? content
            : throw new InvalidDataException($"Snapshot {version.Snapshot.Short} does not hold version {version.Version.Short}: restore the blobs from the backup.");
    }

    private StrategyState ReadState(VersionPublished version, int values)
    {
        if (version.StrategyState == default) return StrategyState.None;
        using var state = blobs.OpenRead(version.StrategyState);
        return StrategyState.Read(state, values, version.StrategyState);
    }

    private async Task<Stream> OpenWhole(Digest digest, CancellationToken cancellationToken) =>
        await blobs.Status(digest, cancellationToken) is BlobStatus.Whole
            ? blobs.OpenRead(digest)
            : throw new FileNotFoundException($"The initial weights {digest.Short} are not in the blob store: `dsfed study submit FILE --weights WEIGHTS` uploads them and submits.");

    private async Task<(Digest Digest, long Bytes)> Store(Action<Stream> write, CancellationToken cancellationToken)
    {
        var digest = await blobs.Write(stream =>
        {
            write(stream);
            return Task.CompletedTask;
        }, cancellationToken);
        return await blobs.Status(digest, cancellationToken) is BlobStatus.Whole(var bytes)
            ? (digest, bytes)
            : throw new IOException($"Blob {digest.Short} vanished after it was written: check the blob store's disk.");
    }
}
