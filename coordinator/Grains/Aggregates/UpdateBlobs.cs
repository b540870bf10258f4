using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Storage.Blobs;

namespace DeepSeek.Federated.Grains.Aggregates;

/// <summary>Single updates are not kept: once their round's version is published, or the round gave nothing, they are deleted.</summary>
/// <remarks>
/// Two evaluations of one version may send the very same bytes under the same digest. So a round's updates are deleted before the next round
/// opens, and a late one before its site is answered: whoever asks for the blob afterwards is told to upload it again.
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

    /// <summary>Deletes what the sites of a round sent.</summary>
    internal async Task Delete(RoundState round, CancellationToken cancellationToken)
    {
        var late = round.Answers.Values.OfType<SiteAnswer.Late>().Select(a => a.Blob);
        foreach (var digest in round.Updates.Select(u => u.Blob).Concat(late).Distinct()) await blobs.Delete(digest, cancellationToken);
    }

    /// <summary>Deletes one late update, unless the newest round counts on the same bytes.</summary>
    internal async Task DeleteLate(StudyState study, Digest blob, CancellationToken cancellationToken)
    {
        if (study.Round is { } newest && newest.Updates.Any(u => u.Blob == blob)) return;
        await blobs.Delete(blob, cancellationToken);
    }
}
