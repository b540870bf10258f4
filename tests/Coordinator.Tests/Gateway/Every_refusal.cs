using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Domain.Events;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class Every_refusal
{
    [Fact]
    public void has_a_status_that_invites_no_retry_and_a_sentence_of_its_own()
    {
        var all = Enum.GetValues<Refusal>();
        Assert.DoesNotContain(all, why => why.ToStatusCode() is StatusCode.OK or StatusCode.Unavailable or StatusCode.Aborted or StatusCode.DeadlineExceeded or StatusCode.Internal);
        Assert.Equal(all.Length, all.Select(why => why.Sentence()).Distinct().Count());
        Assert.All(all, why => Assert.EndsWith(".", why.Sentence(), StringComparison.Ordinal));
        Assert.Equal("urn:deepseek-federated:refusal:consent-missing", Refusal.ConsentMissing.ToProblem().Type);
    }
}
