using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Grains.Members;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Whom a request's certificate speaks for.</summary>
/// <param name="Certificate">SHA-256 of it (DER).</param>
/// <param name="NotAfter">When it expires.</param>
internal abstract record Caller(Digest Certificate, DateTimeOffset NotAfter)
{
    /// <summary>A member site.</summary>
    public sealed record OfSite(Digest Certificate, SiteMember Member) : Caller(Certificate, Member.NotAfter)
    {
        public SiteId Site => Member.Site;
    }

    /// <summary>An operator.</summary>
    public sealed record OfOperator(Digest Certificate, OperatorMember Admitted) : Caller(Certificate, Admitted.NotAfter)
    {
        public string Actor => Actors.Operator(Admitted.Operator);
    }
}

/// <summary>What the door says.</summary>
internal abstract record Entry
{
    private Entry() { }

    public sealed record Admitted(Caller Caller) : Entry;

    public sealed record Turned(StatusCode Status, string Sentence) : Entry
    {
        public RpcException ToRpcException() => new(new Status(Status, Sentence));
    }
}
