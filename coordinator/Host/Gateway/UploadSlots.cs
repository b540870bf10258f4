using System.Collections.Concurrent;
using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Storage.Blobs;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>A site holds a few blobs here that no study counts on, whole or in part; one more pushes out its oldest. So no site can fill the disk.</summary>
/// <remarks>Kept in memory: after a restart what was there before belongs to nobody, until the site goes on with it.</remarks>
internal sealed class UploadSlots(IBlobStore blobs, StudyBoard board)
{
    public const int ASite = 4;

    private readonly ConcurrentDictionary<SiteId, List<Digest>> _held = new();

    public async Task Take(SiteId site, Digest blob, CancellationToken cancellationToken)
    {
        var held = _held.GetOrAdd(site, _ => []);
        List<Digest> pushedOut = [];
        lock (held)
        {
            held.Remove(blob);
            held.RemoveAll(IsCounted);
            held.Add(blob);
            while (held.Count > ASite)
            {
                pushedOut.Add(held[0]);
                held.RemoveAt(0);
            }
        }
        foreach (var old in pushedOut) await blobs.Delete(old, cancellationToken);
    }

    /// <summary>Deletes a blob that the site sent and nobody will count: nothing that somebody else sent, or that a study made.</summary>
    public async Task Drop(SiteId site, Digest blob, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(site, out var held)) return;
        lock (held)
            if (IsCounted(blob) || !held.Remove(blob)) return;
        await blobs.Delete(blob, cancellationToken);
    }

    private bool IsCounted(Digest blob) => board.Now.Studies.Values.Any(s => s.CountsOn(blob) || s.Publishes(blob));
}
