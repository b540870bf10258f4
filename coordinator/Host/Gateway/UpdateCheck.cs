using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Storage.Blobs;
using Grpc.Core;
using static DeepSeek.Federated.Domain.Events.RoundEvent;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>What must hold before an update is announced to the law: its bytes lie here whole, are those that the site signed, and say no more than an
/// update of the round can. What is wrong with one update is told to its site here, and so never fails the round of the others.</summary>
internal sealed class UpdateCheck(IBlobStore blobs, IEnumerable<IProtection> protections, ILogger<UpdateCheck> log)
{
    private readonly ImmutableDictionary<Protection, IProtection> _protections = protections.ToImmutableDictionary(p => p.Kind);

    public async Task Require(UpdateAccepted update, RoundState.Collecting round, StudyManifest manifest, CancellationToken cancellationToken)
    {
        // Who is not invited, or has reported or declined, stays so, and the law answers that from memory: repeating an announcement reads no blob again.
        if (!round.Invites(update.Site) || round.Answers.GetValueOrDefault(update.Site) is not (null or SiteAnswer.Consented)) return;
        var limits = RoundLayout.LimitsOf(round.Opened, manifest);
        var length = limits.Ring.BlobLength;
        if (update.Bytes != length) throw Requests.Invalid($"An update of this round has {length} bytes, not {update.Bytes}.");
        RequireFigures(update, manifest);
        if (await blobs.Status(update.Blob, cancellationToken) is not BlobStatus.Whole(var stored))
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Blob {update.Blob} is not here whole. Upload it, then announce it again."));
        if (stored != length) throw Requests.Invalid($"Blob {update.Blob} has {stored} bytes; an update of this round has {length}.");
        if (await Task.Run(() => Fault(update, round, limits), cancellationToken) is not { } fault) return;
        log.UpdateRefused(update.Site.Value, round.Id.ToString(), fault);
        throw Requests.Invalid($"The update is refused: {fault}");
    }

    // One reading for both: the protection's rules and the chunk root.
    private string? Fault(UpdateAccepted update, RoundState.Collecting round, UpdateLimits limits)
    {
        using var stream = blobs.OpenRead(update.Blob);
        using var tree = new ChunkTree();
        using var read = new ChunkTreeStream(stream, tree);
        return _protections[round.Opened.Protection].Fault(read, limits, round.Id, round.Opened.Attempt)
            ?? (tree.Finish() == update.ChunkRoot ? null : "its bytes have another chunk root than the site signed. Compute it over the bytes that were uploaded.");
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
