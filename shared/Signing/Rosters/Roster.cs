using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Signing.Rosters;

/// <summary>The identities that a site has agreed to federate with, confirmed outside the coordinator. What is not in it counts for nothing.</summary>
/// <remarks>The coordinator hands out public keys, but it must not be able to mint sites: a key counts when its fingerprint stands here.</remarks>
public sealed class Roster
{
    /// <summary>The most sites in one roster.</summary>
    public const int LargestSize = 10_000;

    private readonly ImmutableSortedDictionary<SiteId, RosterEntry> _entries;

    private Roster(ImmutableSortedDictionary<SiteId, RosterEntry> entries) => _entries = entries;

    /// <summary>Nobody.</summary>
    public static Roster Empty { get; } = new(ImmutableSortedDictionary<SiteId, RosterEntry>.Empty);

    /// <summary>The entries, by site name.</summary>
    public IEnumerable<RosterEntry> Entries => _entries.Values;

    /// <summary>How many sites.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes over entries in any order.</summary>
    /// <exception cref="FormatException">A site or a fingerprint stands twice, nobody confirmed an entry, or there are more than 10,000.</exception>
    public static Roster Of(IEnumerable<RosterEntry> entries)
    {
        var bySite = ImmutableSortedDictionary.CreateBuilder<SiteId, RosterEntry>();
        var byKey = new Dictionary<Digest, SiteId>();
        foreach (var entry in entries)
        {
            entry.Check();
            if (bySite.ContainsKey(entry.Site)) throw new FormatException($"The site '{entry.Site}' stands twice in the roster. Remove one entry.");
            if (!byKey.TryAdd(entry.Fingerprint, entry.Site))
                throw new FormatException($"The sites '{byKey[entry.Fingerprint]}' and '{entry.Site}' have one and the same key. Each site makes its own.");
            if (bySite.Count == LargestSize) throw new FormatException($"A roster has at most {LargestSize} sites.");
            bySite.Add(entry.Site, entry);
        }
        return new Roster(bySite.ToImmutable());
    }

    /// <summary>Whether <paramref name="key"/> is the key that people confirmed for this site.</summary>
    public bool Contains(SiteId site, PublicKey key) => _entries.TryGetValue(site, out var entry) && entry.Fingerprint == key.Fingerprint;

    /// <summary>This roster and one more site.</summary>
    /// <exception cref="FormatException">As for <see cref="Of"/>.</exception>
    public Roster With(RosterEntry entry) => Of(_entries.Values.Append(entry));
}

/// <summary>One confirmed identity.</summary>
/// <param name="Site">The site.</param>
/// <param name="Fingerprint">SHA-256 of its public key.</param>
/// <param name="ConfirmedBy">Who compared the fingerprint with the site's own people, by name; at least one, each once, at most 120 characters.</param>
public sealed record RosterEntry(SiteId Site, Digest Fingerprint, ImmutableArray<string> ConfirmedBy)
{
    internal void Check()
    {
        if (ConfirmedBy.IsDefaultOrEmpty)
            throw new FormatException($"Nobody confirmed the key of '{Site}'. Compare its fingerprint with the site by telephone and name who did.");
        if (ConfirmedBy.Any(name => string.IsNullOrWhiteSpace(name) || name.Length > 120 || name.Any(char.IsControl)))
            throw new FormatException($"A name that confirmed '{Site}' is empty, longer than 120 characters or has control characters.");
        if (ConfirmedBy.Distinct(StringComparer.Ordinal).Count() != ConfirmedBy.Length)
            throw new FormatException($"A name that confirmed '{Site}' stands twice: two confirmations are of two people.");
    }

    /// <summary>Two entries are the same when they say the same.</summary>
    public bool Equals(RosterEntry? other) =>
        other is not null && Site == other.Site && Fingerprint == other.Fingerprint && ConfirmedBy.AsSpan().SequenceEqual(other.ConfirmedBy.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Site, Fingerprint, ConfirmedBy.Length);
}
