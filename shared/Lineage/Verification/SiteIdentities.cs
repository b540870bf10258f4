using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.SiteEvent;

namespace DeepSeek.Federated.Lineage.Verification;

/// <summary>Follows which identity each site enrolled with, and checks what is stated in its name.</summary>
internal sealed class SiteIdentities(EventCatalog catalog)
{
    private readonly Dictionary<SiteId, PublicKey> _identities = [];

    /// <summary>Signatures checked so far.</summary>
    internal long Checked { get; private set; }

    /// <summary>Why this event cannot be what it says; null when it can.</summary>
    internal string? Objection(LedgerEvent happened)
    {
        if (happened is SiteEnrolled enrolled)
        {
            if (!PublicKey.TryParse(enrolled.Identity, out var identity)) return $"The identity of '{enrolled.Site}' is no public key.";
            _identities[enrolled.Site] = identity;
        }
        if (happened is not ISiteStatement statement) return null;
        if (!_identities.TryGetValue(statement.Site, out var key)) return $"'{statement.Site}' states something but was never enrolled.";
        Checked++;
        return SiteStatement.Verify(catalog, happened, key) ? null : $"The signature of '{statement.Site}' is not over what the leaf says.";
    }
}
