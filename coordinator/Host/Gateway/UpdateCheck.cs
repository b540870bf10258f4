using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Storage.Blobs;
using Grpc.Core;
using static DeepSeek.Federated.Domain.Events.RoundEvent;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>What must hold before an update is announced to the law: its bytes lie here whole, are as long as the round's, and are those that the site signed.</summary>
internal sealed class UpdateCheck(IBlobStore blobs)
{
    public async Task Require(UpdateAccepted update, RoundState.Collecting round, StudyManifest manifest, CancellationToken cancellationToken)
    {
        var length = RoundLayout.RingOf(round.Opened, manifest).BlobLength;
        if (update.Bytes != length) throw Requests.Invalid($"An update of this round has {length} bytes, not {update.Bytes}.");
        RequireFigures(update, manifest);
        if (await blobs.Status(update.Blob, cancellationToken) is not BlobStatus.Whole(var stored))
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Blob {update.Blob} is not here whole. Upload it, then announce it again."));
        if (stored != length) throw Requests.Invalid($"Blob {update.Blob} has {stored} bytes; an update of this round has {length}.");
        var root = await Task.Run(() => RootOf(update), cancellationToken);
        if (root != update.ChunkRoot) throw Requests.Invalid("The bytes have another chunk root than the site signed. Compute it over the bytes that were uploaded.");
    }

    private Domain.Encoding.Digest RootOf(UpdateAccepted update)
    {
        using var stream = blobs.OpenRead(update.Blob);
        return ChunkTree.Root(stream);
    }

    private static void RequireFigures(UpdateAccepted update, StudyManifest manifest)
    {
        foreach (var figure in update.Figures)
        {
            if (!manifest.Disclosures.Contains(figure.Figure)) throw Requests.Invalid($"The study does not ask for the figure {Domain.Reading.Words.Of(figure.Figure)}.");
            if (!double.IsFinite(figure.Value)) throw Requests.Invalid($"The figure {Domain.Reading.Words.Of(figure.Figure)} is not finite.");
        }
        if (update.Figures.Zip(update.Figures.Skip(1)).Any(pair => pair.First.Figure >= pair.Second.Figure))
            throw Requests.Invalid("Figures stand sorted and once each.");
    }
}
