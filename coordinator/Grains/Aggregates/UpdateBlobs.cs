using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Storage.Blobs;

namespace DeepSeek.Federated.Grains.Aggregates;

/// <summary>Single updates are not kept: once their round's version is published, or the round gave nothing, they are deleted.</summary>
/// <remarks>
/// Only what was accepted is deleted here, once its round is done and before the next one opens: its bytes are known to be an update of that round. A late
/// update is a digest that a site named and nobody looked at, and could be anything; the gateway deletes it if that site itself sent it.
/// </remarks>
public sealed class UpdateBlobs(IBlobStore blobs)
{
    /// <summary>Whether nothing will ever be read again from the updates of the study's newest round.</summary>
    internal static bool AreDone(StudyState study) => study.Round switch
    {
        RoundState.Failed => true,
        RoundState.Revealed { Opened.Kind: RoundKind.Evaluation } => true,
        RoundState.Revealed round => study.Versions[^1].Round == round.Opened.Round,
        _ => false,
    };

    /// <summary>Deletes the updates that a round accepted.</summary>
    internal async Task Delete(RoundState round, CancellationToken cancellationToken)
    {
        foreach (var digest in round.Updates.Select(u => u.Blob).Distinct()) await blobs.Delete(digest, cancellationToken);
    }
}
