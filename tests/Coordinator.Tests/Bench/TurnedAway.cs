using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

internal static class TurnedAway
{
    /// <summary>The sentence of a refusal with this status.</summary>
    public static async Task<string> With(StatusCode status, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(status == refusal.StatusCode, $"expected {status}, got {refusal.Status}");
        return refusal.Status.Detail;
    }
}
