using System.Collections.Concurrent;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>An update that the site's own work made for a round it consented to. No other blob may leave.</summary>
/// <param name="Study">The study.</param>
/// <param name="Round">The round.</param>
/// <param name="Manifest">What the policy is asked about.</param>
/// <param name="Blob">SHA-256 of its bytes.</param>
/// <param name="Bytes">Their number.</param>
/// <param name="Path">Where they lie.</param>
/// <param name="Statement">The announcement that follows the upload.</param>
public sealed record SentUpdate(StudyId Study, int Round, StudyManifest Manifest, Digest Blob, long Bytes, string Path, RoundEvent.UpdateAccepted Statement)
{
    /// <summary>Where sent updates are kept, inside the egress folder.</summary>
    public const string Folder = "updates";
}

/// <summary>The updates that may leave at this moment. Thread-safe.</summary>
public sealed class SentUpdates(string egressFolder)
{
    private readonly ConcurrentDictionary<Digest, SentUpdate> _current = new();

    public void Admit(SentUpdate update) => _current[update.Blob] = update;

    public void Withdraw(Digest blob) => _current.TryRemove(blob, out _);

    public SentUpdate? Find(Digest blob) => _current.GetValueOrDefault(blob);

    /// <summary>Moves the bytes of a round that is over beside the egress ledger, which points there, and forgets the oldest.</summary>
    /// <remarks>Until then the ledger's reader finds them in the round's folder.</remarks>
    public void Archive(Digest blob, string path, int keep)
    {
        Withdraw(blob);
        if (!File.Exists(path)) return;
        var folder = Path.Combine(egressFolder, SentUpdate.Folder);
        SiteDirectory.MakeFolder(folder);
        File.Move(path, Path.Combine(folder, blob.ToString()), overwrite: true);
        foreach (var old in new DirectoryInfo(folder).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).Skip(keep)) old.Delete();
    }
}
