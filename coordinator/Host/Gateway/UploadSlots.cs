using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Storage.Blobs;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>A site holds a few blobs here that no study counts on, whole or in part; one more pushes out its oldest. So no site can fill the disk.</summary>
/// <remarks>
/// What is being written or announced is in use and is not pushed out: a site that keeps all its slots busy is told to wait. So there is never a byte
/// of a site's that no slot holds, however its requests overlap. Slots outlive a restart (<see cref="UploadRecords"/>).
/// </remarks>
internal sealed class UploadSlots(IBlobStore blobs, StudyBoard board, UploadRecords records) : IHostedService
{
    public const int ASite = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<SiteId, List<Digest>> _held = [];
    private readonly Dictionary<Digest, int> _inUse = [];
    private readonly HashSet<Digest> _leaving = [];

    /// <summary>Gives a site a slot for a blob, in use until it is disposed. Null when all its slots are in use.</summary>
    public async Task<IDisposable?> Take(SiteId site, Digest blob)
    {
        IDisposable use;
        List<Digest> pushedOut;
        lock (_lock)
        {
            if (_leaving.Contains(blob)) return null;
            var held = HeldBy(site);
            held.RemoveAll(b => b != blob && IsCounted(b));
            var known = held.Remove(blob);
            pushedOut = [.. held.Where(b => !_inUse.ContainsKey(b)).Take(held.Count + 1 - ASite)];
            if (held.Count - pushedOut.Count >= ASite) return null;
            held.RemoveAll(pushedOut.Contains);
            held.Add(blob);
            if (!known) records.Write(site, held);
            use = Use(blob);
            pushedOut.RemoveAll(IsHeld);
            _leaving.UnionWith(pushedOut);
        }
        try
        {
            await Delete(pushedOut);
            return use;
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Deletes a blob that the site sent and nobody will count: nothing that somebody else sent, is sending, or that a study made.</summary>
    public async Task Drop(SiteId site, Digest blob)
    {
        lock (_lock)
        {
            if (_inUse.ContainsKey(blob) || IsCounted(blob) || !HeldBy(site).Remove(blob)) return;
            records.Write(site, HeldBy(site));
            if (IsHeld(blob)) return;
            _leaving.Add(blob);
        }
        await Delete([blob]);
    }

    /// <summary>Keeps a blob from being pushed out until it is disposed: by then the law has answered, and what it accepted is counted on.</summary>
    public IDisposable Hold(Digest blob)
    {
        lock (_lock)
            return _leaving.Contains(blob)
                ? throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Blob {blob} was pushed out by later uploads of its site. Upload it, then announce it again."))
                : Use(blob);
    }

    /// <summary>Takes the slots up again, and clears away what no open round can be waiting for.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<Digest> unwanted = [];
        lock (_lock)
        {
            foreach (var (site, recorded) in records.Read())
            {
                var wanted = board.Now.Studies.Values.Any(s => s.UpdateLengthOf(site) is not null);
                var kept = recorded.Where(b => !IsCounted(b)).TakeLast(wanted ? ASite : 0).ToList();
                unwanted.AddRange(recorded.Where(b => !IsCounted(b)).Except(kept));
                if (kept.Count > 0) _held[site] = kept;
                records.Write(site, kept);
            }
            // Without an owner: an operator's weights, which are sent anew, or what the records lost in a power cut.
            unwanted.AddRange(blobs.Partials());
            unwanted.RemoveAll(IsHeld);
        }
        await Delete(unwanted);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Never cancelled half-way: what has left its slot has to leave the disk.
    private async Task Delete(List<Digest> leaving)
    {
        try
        {
            foreach (var blob in leaving) await blobs.Delete(blob, CancellationToken.None);
        }
        finally
        {
            lock (_lock) _leaving.ExceptWith(leaving);
        }
    }

    private List<Digest> HeldBy(SiteId site) => _held.TryGetValue(site, out var held) ? held : _held[site] = [];

    private bool IsHeld(Digest blob) => _held.Values.Any(held => held.Contains(blob));

    private bool IsCounted(Digest blob) => board.Now.Studies.Values.Any(s => s.CountsOn(blob) || s.Publishes(blob));

    private Using Use(Digest blob)
    {
        _inUse[blob] = _inUse.GetValueOrDefault(blob) + 1;
        return new Using(this, blob);
    }

    private sealed class Using(UploadSlots slots, Digest blob) : IDisposable
    {
        public void Dispose()
        {
            lock (slots._lock)
                if (--slots._inUse[blob] == 0) slots._inUse.Remove(blob);
        }
    }
}
