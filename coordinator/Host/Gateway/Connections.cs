using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Which sites have a Watch or a Poll open just now.</summary>
internal sealed class Connections : IDisposable
{
    private readonly ConcurrentDictionary<SiteId, int> _open = new();
    private readonly Meter _meter = new("federated.gateway");

    public Connections() =>
        _meter.CreateObservableUpDownCounter("federated.sites.connected", () => _open.Count, "{site}", "Sites with an open stream");

    public bool Has(SiteId site) => _open.ContainsKey(site);

    public IDisposable Open(SiteId site)
    {
        _open.AddOrUpdate(site, 1, (_, open) => open + 1);
        return new Closing(this, site);
    }

    public void Dispose() => _meter.Dispose();

    private void Close(SiteId site)
    {
        while (_open.TryGetValue(site, out var open))
        {
            if (open == 1 ? _open.TryRemove(KeyValuePair.Create(site, 1)) : _open.TryUpdate(site, open - 1, open)) return;
        }
    }

    private sealed class Closing(Connections connections, SiteId site) : IDisposable
    {
        public void Dispose() => connections.Close(site);
    }
}
