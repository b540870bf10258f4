using System.Collections.Immutable;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Federations;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Sites;

namespace DeepSeek.Federated.Grains.Members;

/// <summary>A site that a certificate speaks for.</summary>
/// <param name="Site">The site.</param>
/// <param name="Identity">Its identity key, as text.</param>
/// <param name="NotAfter">When the certificate expires.</param>
public sealed record SiteMember(SiteId Site, string Identity, DateTimeOffset NotAfter);

/// <summary>An operator that a certificate speaks for.</summary>
/// <param name="Operator">The name.</param>
/// <param name="Role">What it allows.</param>
/// <param name="NotAfter">When the certificate expires.</param>
public sealed record OperatorMember(string Operator, OperatorRole Role, DateTimeOffset NotAfter);

/// <summary>The allow-list: a projection of the sites' and the federation's streams, held in memory and asked on every request.</summary>
/// <remarks>Thread-safe. Readers take no lock: they see one snapshot or the next. A certificate is named by the SHA-256 of its DER.</remarks>
public sealed class Membership
{
    private readonly Lock _writing = new();
    private readonly Dictionary<string, SiteId> _reserved = new(StringComparer.Ordinal);
    private volatile Snapshot _now = Snapshot.Empty;

    /// <summary>Called after the snapshot changed: long streams re-check whom they speak to, studies whom they wait for. Must be quick.</summary>
    public event Action? Changed;

    /// <summary>The sites that are members now, with their identity keys.</summary>
    public ImmutableSortedDictionary<SiteId, string> Members => _now.Members;

    /// <summary>Every site ever invited, with its state.</summary>
    public ImmutableSortedDictionary<SiteId, SiteState> Sites => _now.Sites;

    /// <summary>Whom a site's certificate speaks for; null when it is not, or no longer, on the allow-list. The caller checks the time.</summary>
    public SiteMember? SiteOf(Digest certificate) => _now.SitesByCertificate.GetValueOrDefault(certificate);

    /// <summary>Whom an operator's certificate speaks for; null when it is not on the allow-list. The caller checks the time.</summary>
    public OperatorMember? OperatorOf(Digest certificate) => _now.OperatorsByCertificate.GetValueOrDefault(certificate);

    internal void Apply(LedgerEvent happened, DateTimeOffset at)
    {
        lock (_writing)
        {
            switch (happened)
            {
                case SiteEvent e: _now = _now.With(e); break;
                case FederationEvent e: _now = _now.With(e, at); break;
                default: return;
            }
        }
        Changed?.Invoke();
    }

    /// <summary>Two sites that enrol at the same moment shall not both get one identity: held until the ledger has the winner.</summary>
    internal bool TryReserve(string identity, SiteId site)
    {
        lock (_writing)
        {
            if (_now.Members.Any(m => m.Value == identity && m.Key != site)) return false;
            if (_reserved.TryGetValue(identity, out var holder)) return holder == site;
            _reserved.Add(identity, site);
            return true;
        }
    }

    internal void Release(string identity, SiteId site)
    {
        lock (_writing)
            if (_reserved.TryGetValue(identity, out var holder) && holder == site) _reserved.Remove(identity);
    }

    private sealed record Snapshot(
        ImmutableSortedDictionary<SiteId, SiteState> Sites, ImmutableSortedDictionary<SiteId, string> Members,
        ImmutableDictionary<Digest, SiteMember> SitesByCertificate, FederationState Federation,
        ImmutableDictionary<Digest, OperatorMember> OperatorsByCertificate)
    {
        internal static Snapshot Empty { get; } = new(
            ImmutableSortedDictionary<SiteId, SiteState>.Empty, ImmutableSortedDictionary<SiteId, string>.Empty,
            ImmutableDictionary<Digest, SiteMember>.Empty, FederationState.None, ImmutableDictionary<Digest, OperatorMember>.Empty);

        internal Snapshot With(SiteEvent happened)
        {
            var (site, state) = (happened.Site, SiteLaw.Apply(Sites.GetValueOrDefault(happened.Site) ?? new SiteState.Unknown(), happened));
            var without = SitesByCertificate.RemoveRange(SitesByCertificate.Where(c => c.Value.Site == site).Select(c => c.Key));
            return this with
            {
                Sites = Sites.SetItem(site, state),
                Members = state is SiteState.Enrolled member ? Members.SetItem(site, member.Identity) : Members.Remove(site),
                SitesByCertificate = state is not SiteState.Enrolled e ? without : without.SetItems(e.Certificates.Select(c =>
                    KeyValuePair.Create(NameOf(c), new SiteMember(site, e.Identity, c.NotAfter)))),
            };
        }

        internal Snapshot With(FederationEvent happened, DateTimeOffset at)
        {
            var federation = FederationLaw.Apply(Federation, happened, at);
            var all = federation.Operators.SelectMany(o => o.Value.Certificates.Select(c => KeyValuePair.Create(c.Certificate, new OperatorMember(o.Key, o.Value.Role, c.NotAfter))));
            return this with { Federation = federation, OperatorsByCertificate = all.DistinctBy(c => c.Key).ToImmutableDictionary() };
        }

        private static Digest NameOf(IssuedCertificate certificate) => new(SHA256.HashData(Convert.FromBase64String(certificate.Der)));
    }
}
