using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Signing.Keys;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Lineage.Tests.Leaves;

public sealed class A_site_statement : IDisposable
{
    private readonly EventCatalog _catalog = new();
    private readonly SigningKey _identity = SigningKey.FromSeed(Enumerable.Repeat((byte)9, 32).ToArray());

    public void Dispose() => _identity.Dispose();

    [Fact]
    public void is_bound_to_every_field_but_the_signature_itself()
    {
        var unsigned = new SiteConsented(EventSamples.Heart, 1, EventSamples.North, EventSamples.Of("policy"), "");
        var signed = unsigned with { Signature = SiteStatement.Sign(_catalog, unsigned, _identity) };

        Assert.True(SiteStatement.Verify(_catalog, signed, _identity.Public));
        Assert.Equal(signed.Signature, SiteStatement.Sign(_catalog, signed, _identity));
        Assert.False(SiteStatement.Verify(_catalog, signed with { Round = 2 }, _identity.Public));
        Assert.False(SiteStatement.Verify(_catalog, signed with { Site = EventSamples.South }, _identity.Public));
        Assert.False(SiteStatement.Verify(_catalog, signed with { Policy = EventSamples.Of("other") }, _identity.Public));
        foreach (var signature in new[] { "", "c2ln", signed.Signature + " ", signed.Signature[..^2], "*" })
            Assert.False(SiteStatement.Verify(_catalog, signed with { Signature = signature }, _identity.Public));
        using var other = SigningKey.Create();
        Assert.False(SiteStatement.Verify(_catalog, signed, other.Public));
    }

    [Fact]
    public void of_one_type_is_none_of_another()
    {
        var declined = new StudyDeclined(EventSamples.Heart, EventSamples.North, EventSamples.Of("m"), Domain.Policies.RefusalReason.NoPolicy, "");
        var approved = new StudyApproved(EventSamples.Heart, EventSamples.North, EventSamples.Of("m"), EventSamples.Of("p"), SiteStatement.Sign(_catalog, declined, _identity));
        Assert.False(SiteStatement.Verify(_catalog, approved, _identity.Public));
        Assert.Throws<ArgumentException>(() => SiteStatement.Sign(_catalog, EventSamples.All[0], _identity));
    }

    [Fact]
    public void can_be_signed_for_every_statement_of_the_domain()
    {
        var statements = EventSamples.All.Where(e => e is ISiteStatement).ToList();
        Assert.Equal(_catalog.Types.Count(t => t.Record.IsAssignableTo(typeof(ISiteStatement))), statements.DistinctBy(e => e.GetType()).Count());
        Assert.All(statements, s => Assert.Equal(88, SiteStatement.Sign(_catalog, s, _identity).Length));
    }
}
