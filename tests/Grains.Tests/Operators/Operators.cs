using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Grains.Members;
using Microsoft.Extensions.DependencyInjection;

namespace DeepSeek.Federated.Grains.Tests.Operators;

public sealed class Operators
{
    private static readonly DateTimeOffset Later = Federation.Noon.AddDays(30);

    [Fact]
    public async Task are_admitted_once_and_the_last_admin_stays()
    {
        await using var federation = await Federation.Start();
        var (ada, grace) = (Digest.Of("ada"u8), Digest.Of("grace"u8));
        Assert.IsType<Answer.Recorded>(await federation.Operators.Admit("ada", OperatorRole.Admin, ada, Later, "operator:ada"));
        Assert.IsType<Answer.AlreadyRecorded>(await federation.Operators.Admit("ada", OperatorRole.Admin, ada, Later, "operator:ada"));
        Assert.Equal(new Answer.Refused(Refusal.OperatorExists), await federation.Operators.Admit("ada", OperatorRole.Auditor, grace, Later, "operator:ada"));
        Assert.Equal(new Answer.Refused(Refusal.OperatorNeeded), await federation.Operators.Revoke("ada", "left", "operator:ada"));
        Assert.Equal(new Answer.Refused(Refusal.OperatorNeeded), await federation.Operators.Revoke("nobody", "left", "operator:ada"));

        Assert.IsType<Answer.Recorded>(await federation.Operators.Admit("grace", OperatorRole.Admin, grace, Later, "operator:ada"));
        Assert.IsType<Answer.Recorded>(await federation.Operators.Revoke("ada", "left", "operator:grace"));
        await federation.Restart();
        var membership = federation.Services.GetRequiredService<Membership>();
        Assert.Null(membership.OperatorOf(ada));
        Assert.Equal("grace", membership.OperatorOf(grace)!.Operator);
    }
}
