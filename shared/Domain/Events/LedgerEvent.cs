using System.Text.Json.Serialization;

namespace DeepSeek.Federated.Domain.Events;

/// <summary>A fact of the federation: one leaf of the ledger. Facts are flat, immutable and never changed after they were written.</summary>
public abstract record LedgerEvent
{
    /// <summary>The stream the fact belongs to: <c>federation</c>, <c>site/NAME</c>, <c>study/NAME</c> or <c>round/STUDY/N</c>.</summary>
    [JsonIgnore]
    public abstract string Stream { get; }
}

/// <summary>A fact that a site states in its own name: the leaf carries the site's signature over all its other fields.</summary>
public interface ISiteStatement
{
    /// <summary>Who states it.</summary>
    Names.SiteId Site { get; }

    /// <summary>Ed25519 signature, base64, by the site's identity key over the canonical body without this field, under the event's type and version (DSSE).</summary>
    string Signature { get; }
}

/// <summary>A fact as it stands in the ledger.</summary>
/// <param name="Index">Position of the leaf, from 0.</param>
/// <param name="Sequence">Position in its stream, from 0.</param>
/// <param name="At">When it was decided, by the coordinator's clock.</param>
/// <param name="Actor">Who caused it: <c>coordinator</c>, <c>operator:NAME</c> or <c>site:NAME</c>.</param>
/// <param name="Event">The fact.</param>
public sealed record RecordedEvent(long Index, long Sequence, DateTimeOffset At, string Actor, LedgerEvent Event);

/// <summary>Who may cause an event.</summary>
public static class Actors
{
    /// <summary>The coordinator itself.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>An operator, by the name in the certificate.</summary>
    public static string Operator(string name) => $"operator:{name}";

    /// <summary>A site, by the name in the certificate.</summary>
    public static string Site(Names.SiteId site) => $"site:{site}";
}

/// <summary>The names of the ledger's streams.</summary>
public static class Streams
{
    /// <summary>Founding, operators, recovery.</summary>
    public const string Federation = "federation";

    /// <summary>One site: invitation, enrolment, certificates, revocation.</summary>
    public static string Site(Names.SiteId site) => $"site/{site}";

    /// <summary>One study: manifest, approvals, the opening and end of rounds, versions.</summary>
    public static string Study(Names.StudyId study) => $"study/{study}";

    /// <summary>One round: the answers and updates of its sites.</summary>
    public static string Round(Names.RoundId round) => $"round/{round.Study}/{round.Number}";
}
