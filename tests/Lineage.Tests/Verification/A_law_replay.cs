using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Tests.Leaves;
using DeepSeek.Federated.Lineage.Verification;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.SiteEvent;

namespace DeepSeek.Federated.Lineage.Tests.Verification;

public sealed class A_law_replay
{
    private static readonly DateTimeOffset Expiry = EventSamples.Noon.AddDays(365), Later = Expiry.AddDays(365);
    private static readonly OperatorAdmitted Ada = new("ada", OperatorRole.Admin, EventSamples.Of("first"), Expiry), Again = Ada with { Certificate = EventSamples.Of("second"), NotAfter = Later };
    private static readonly string Herself = Actors.Operator("ada");
    private readonly LawReplay _replay = new();
    private long _next;

    [Fact]
    public void follows_an_operator_who_is_admitted_again_after_the_certificate_expired()
    {
        Take(Ada, EventSamples.Noon, Actors.Coordinator);
        Take(Again, Expiry, Actors.Coordinator);
        Take(new SiteInvited(EventSamples.North, EventSamples.Of("token"), Later), Expiry.AddDays(1), Herself);
        Assert.Empty(_replay.Faults);
    }

    [Fact]
    public void names_an_operator_who_was_admitted_twice_at_a_time()
    {
        Take(Ada, EventSamples.Noon, Actors.Coordinator);
        Take(Again, Expiry.AddTicks(-1), Actors.Coordinator);
        Assert.Contains("admitted already", Assert.Single(_replay.Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void lets_operators_renew_their_own_certificates_and_nobody_elses()
    {
        Take(Ada with { Role = OperatorRole.Auditor }, EventSamples.Noon, Actors.Coordinator);
        var renewed = new OperatorRenewed("ada", EventSamples.Of("second"), Later);
        Take(renewed, EventSamples.Noon, Herself);
        Assert.Empty(_replay.Faults);
        Take(renewed with { Certificate = EventSamples.Of("third") }, EventSamples.Noon, Actors.Operator("grace"));
        Assert.Contains("renewed by", Assert.Single(_replay.Faults).Reason, StringComparison.Ordinal);
    }

    private void Take(LedgerEvent happened, DateTimeOffset at, string actor) => _replay.Take(new RecordedEvent(_next++, 0, at, actor, happened));
}
