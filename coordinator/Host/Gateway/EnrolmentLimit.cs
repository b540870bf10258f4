using System.Net;
using System.Threading.RateLimiting;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Enrolment needs no certificate, so anybody may try: 120 times a minute from one address.</summary>
internal sealed class EnrolmentLimit : IDisposable
{
    public const int AMinute = 120;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = AMinute, Window = TimeSpan.FromMinutes(1) }));

    public void Count(IPAddress? from)
    {
        using var lease = _limiter.AttemptAcquire(from?.ToString() ?? "");
        if (!lease.IsAcquired)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"More than {AMinute} enrolments in a minute from one address. Wait a minute and try again."));
    }

    public void Dispose() => _limiter.Dispose();
}
