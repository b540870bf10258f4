using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Storage.Blobs;

/// <summary>One holder a digest at a time, in this process. Costs nothing for digests that nobody holds.</summary>
internal sealed class DigestLocks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, Entry> _entries = [];

    public async Task<IDisposable> Hold(Digest digest, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(digest, out entry)) _entries[digest] = entry = new Entry(this, digest);
            entry.Wanted++;
        }
        try
        {
            await entry.Turn.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(entry);
            throw;
        }
        return new Holding(entry);
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Wanted > 0) return;
            _entries.Remove(entry.Digest);
            entry.Turn.Dispose();
        }
    }

    private sealed class Entry(DigestLocks owner, Digest digest)
    {
        public DigestLocks Owner => owner;
        public Digest Digest => digest;
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public int Wanted { get; set; }
    }

    private sealed class Holding(Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Turn.Release();
            entry.Owner.Leave(entry);
        }
    }
}
