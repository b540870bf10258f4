using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Says things in the site's name: signs them and hands them in. The same statement has the same bytes however often it is made.</summary>
public sealed class Statements(IWireSource wires, EventCatalog catalog, SigningKey identity)
{
    /// <summary>The event with this site's signature in it.</summary>
    public T Signed<T>(T statement) where T : LedgerEvent, ISiteStatement
    {
        var signature = SiteStatement.Sign(catalog, statement, identity);
        LedgerEvent signed = statement switch
        {
            StudyApproved s  => s with { Signature = signature },
            StudyDeclined s  => s with { Signature = signature },
            SiteConsented s  => s with { Signature = signature },
            SiteDeclined s   => s with { Signature = signature },
            UpdateAccepted s => s with { Signature = signature },
            _                => throw new ArgumentException($"{statement.GetType().Name} is not a statement of a site.", nameof(statement)),
        };
        return (T)signed;
    }

    /// <summary>Hands a signed statement in and gives the coordinator's answer. That it became a leaf is known when the leaf comes, proven.</summary>
    public async Task<StatementReply.Types.Answer> Hand(LedgerEvent signed, string? sentence, CancellationToken cancellationToken)
    {
        var request = new StatementRequest
        {
            Version = ProtocolVersion.Current,
            Type = catalog.TypeOf(signed).Name,
            Body = UnsafeByteOperations.UnsafeWrap(catalog.Encode(signed)),
        };
        if (sentence is not null) request.PrivatePart = UnsafeByteOperations.UnsafeWrap(PrivateSentence.Write(sentence));
        return (await wires.Current.Agents.StateAsync(request, cancellationToken: cancellationToken)).Answer;
    }
}
