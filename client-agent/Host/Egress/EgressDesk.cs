using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>Who sits at the gate: the reader, the rules and the ledger. One a process; thread-safe.</summary>
public sealed class EgressDesk : IDisposable
{
    private readonly SendableReader _reader;
    private readonly EgressRules _rules;
    private readonly EgressLedger _ledger;
    private readonly SiteId? _self;

    /// <param name="ledger">Where everything is written down first.</param>
    /// <param name="policy">The site's rules.</param>
    /// <param name="catalog">Reads statements.</param>
    /// <param name="self">This site; null before it has a name.</param>
    /// <param name="clock">The time.</param>
    /// <param name="agreed">The manifest of a study that the steward has agreed to; without it, to none.</param>
    public EgressDesk(EgressLedger ledger, PolicyFile policy, EventCatalog catalog, SiteId? self, TimeProvider clock, Func<StudyId, Digest?>? agreed = null)
    {
        Updates = new SentUpdates(ledger.Folder);
        (_ledger, _self, _reader, _rules) = (ledger, self, new SendableReader(catalog, Updates), new EgressRules(policy, agreed ?? (_ => null), Updates, clock));
    }

    /// <summary>The updates that may leave now.</summary>
    public SentUpdates Updates { get; }

    /// <summary>Returns when the request may be sent and stands in the ledger.</summary>
    /// <exception cref="EgressRefusedException">It must not be sent.</exception>
    public void LetOut(HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        var what = _reader.Read(request, body);
        if (_rules.Objection(what, body.Length, _self) is { } objection) throw new EgressRefusedException(objection);
        var destination = $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";
        try
        {
            _ledger.Append(what, destination, body, what.MayBeKept && what.Kept is null);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or SiteFaultException)
        {
            throw new EgressRefusedException($"Nothing is sent, because the egress ledger cannot be written: {broken.Message} Make room on the disk or mend the folder '{_ledger.Folder}'.", passing: true);
        }
    }

    public void Dispose() => _ledger.Dispose();
}
