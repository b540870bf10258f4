using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Federations;
using static DeepSeek.Federated.Domain.Tests.Samples;

namespace DeepSeek.Federated.Domain.Tests.Federations;

public sealed class A_federation
{
    private static readonly DateTimeOffset Expiry = Noon + TimeSpan.FromDays(365);
    private static readonly OperatorCertificate First = new(Hash("first"), Expiry), Second = new(Hash("second"), Expiry + TimeSpan.FromDays(300));
    private static readonly FederationCommand.Admit Ada = new("ada", OperatorRole.Admin, First);
    private static readonly FederationCommand.Renew Renewal = new("ada", Second);

    private static FederationState Founded => Do(FederationState.None, Ada, Noon);

    private static FederationState Do(FederationState state, FederationCommand command, DateTimeOffset at) =>
        ((Decision.Accepted)FederationLaw.Decide(state, command, at)).Events.Aggregate(state, (s, e) => FederationLaw.Apply(s, (FederationEvent)e, at));

    [Fact]
    public void has_one_operator_of_a_name_until_that_one_has_expired()
    {
        var again = Ada with { Certificate = Second };
        Assert.Equal(new Decision.Refused(Refusal.OperatorExists), FederationLaw.Decide(Founded, again, Expiry - TimeSpan.FromTicks(1)));
        Assert.Equal([Second], Do(Founded, again, Expiry).Operators["ada"].Certificates);
        var admitted = new FederationEvent.OperatorAdmitted("ada", OperatorRole.Admin, Second.Certificate, Second.NotAfter);
        Assert.Throws<InvalidOperationException>(() => FederationLaw.Apply(Founded, admitted, Expiry - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void honours_an_operators_former_certificate_until_it_expires()
    {
        var renewed = Do(Founded, Renewal, Noon + TimeSpan.FromDays(300));
        Assert.Equal([First, Second], renewed.Operators["ada"].Certificates);
        Assert.IsType<Decision.Unchanged>(FederationLaw.Decide(renewed, Renewal, Noon + TimeSpan.FromDays(301)));
        var third = new OperatorCertificate(Hash("third"), Second.NotAfter + TimeSpan.FromDays(300));
        Assert.Equal([Second, third], Do(renewed, Renewal with { Certificate = third }, Expiry).Operators["ada"].Certificates);
        Assert.Equal(new Decision.Refused(Refusal.OperatorExists), FederationLaw.Decide(renewed, Ada with { Certificate = third }, Expiry));
    }

    [Fact]
    public void renews_nobody_who_has_expired_or_was_never_there()
    {
        Assert.Equal(new Decision.Refused(Refusal.OperatorNeeded), FederationLaw.Decide(Founded, Renewal, Expiry));
        Assert.Equal(new Decision.Refused(Refusal.OperatorNeeded), FederationLaw.Decide(Founded, Renewal with { Operator = "grace" }, Noon));
        Assert.Throws<InvalidOperationException>(() => FederationLaw.Apply(Founded, new FederationEvent.OperatorRenewed("ada", Second.Certificate, Second.NotAfter), Expiry));
    }

    [Fact]
    public void never_puts_out_its_last_admin()
    {
        var revocation = new FederationCommand.Revoke("ada", "left");
        Assert.Equal(new Decision.Refused(Refusal.OperatorNeeded), FederationLaw.Decide(Founded, revocation, Noon));
        var two = Do(Founded, new FederationCommand.Admit("grace", OperatorRole.Admin, Second), Noon);
        Assert.Empty(Do(Do(two, Renewal, Noon), revocation, Noon).Operators.Keys.Except(["grace"]));
        Assert.Equal(new Decision.Refused(Refusal.OperatorNeeded), FederationLaw.Decide(two, revocation, Second.NotAfter));
    }

    [Fact]
    public void erases_what_stands_beside_a_leaf_once()
    {
        var erasure = new FederationCommand.Erase(7, "asked by the hospital");
        var erased = Do(Founded, erasure, Noon);
        Assert.IsType<Decision.Unchanged>(FederationLaw.Decide(erased, erasure, Noon));
        Assert.Throws<InvalidOperationException>(() => FederationLaw.Apply(erased, new FederationEvent.PrivatePartErased(7, "again"), Noon));
    }
}
