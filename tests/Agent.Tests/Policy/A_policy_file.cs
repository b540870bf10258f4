using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Domain.Policies;
using static DeepSeek.Federated.Agent.Tests.TestSite;

namespace DeepSeek.Federated.Agent.Tests.Policy;

public sealed class A_policy_file : IDisposable
{
    private readonly TestSite _site = new();

    private PolicyStanding Read(string? yaml)
    {
        if (yaml is null) File.Delete(_site.Directory.Policy);
        else File.WriteAllText(_site.Directory.Policy, yaml);
        return new PolicyFile(_site.Directory.Policy).Read();
    }

    private static RefusalReason? Refusal(PolicyStanding standing) => (standing.Consider(Manifest, Noon) as PolicyVerdict.Refused)?.Reason;

    [Fact]
    public void allows_what_it_names() => Assert.IsType<PolicyVerdict.Allowed>(Read(TestSite.Policy).Consider(Manifest, Noon));

    [Fact]
    public void allows_nothing_when_it_is_not_there()
    {
        Assert.Equal(RefusalReason.NoPolicy, Refusal(Read(null)));
        Assert.Contains("everything is refused", Read(null).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void allows_nothing_and_names_every_fault_when_it_is_faulty()
    {
        var faulty = Assert.IsType<PolicyStanding.Faulty>(Read(TestSite.Policy.Replace("mostRounds: 10", "mostRounds: 0\n  generosity: 9", StringComparison.Ordinal)));
        Assert.Equal(2, faulty.Faults.Length);
        Assert.Equal(RefusalReason.NoPolicy, Refusal(faulty));
    }

    [Theory]
    [InlineData("")]
    [InlineData("spec: [")]
    [InlineData("a: &x 1\nb: *x")]
    public void allows_nothing_when_it_is_no_document(string yaml) => Assert.Equal(RefusalReason.NoPolicy, Refusal(Read(yaml)));

    [Fact]
    public void does_not_live_on_after_it_became_faulty()
    {
        Assert.Null(Refusal(Read(TestSite.Policy)));
        Assert.Equal(RefusalReason.NoPolicy, Refusal(Read("broken")));
    }

    [Fact]
    public void allows_nothing_after_its_last_day() =>
        Assert.Equal(RefusalReason.PolicyExpired, (Read(TestSite.Policy).Consider(Manifest, Noon.AddYears(1)) as PolicyVerdict.Refused)?.Reason);

    public void Dispose() => _site.Dispose();
}
