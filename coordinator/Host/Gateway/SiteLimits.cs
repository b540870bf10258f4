using System.Threading.RateLimiting;
using DeepSeek.Federated.Domain.Names;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>How often one site may call. Far above what an agent needs, and below what would keep the coordinator from the others or fill the ledger.</summary>
/// <remarks>Token buckets: so many calls at once, and then so many a second. ResourceExhausted is a status that agents wait and try again after.</remarks>
internal sealed class SiteLimits : IDisposable
{
    /// <summary>Statements: each may cost a look at a blob and a leaf.</summary>
    public const int StatementsAtOnce = 200, StatementsASecond = 50;

    /// <summary>Watches and polls: each costs a page of proven leaves, and a new site reads page after page.</summary>
    public const int ReadingsAtOnce = 400, ReadingsASecond = 100;

    /// <summary>Renewals: each is a leaf with a certificate, and an agent needs one in weeks.</summary>
    public const int RenewalsAtOnce = 20;

    private readonly PartitionedRateLimiter<SiteId> _statements = Buckets(StatementsAtOnce, StatementsASecond, TimeSpan.FromSeconds(1));
    private readonly PartitionedRateLimiter<SiteId> _readings = Buckets(ReadingsAtOnce, ReadingsASecond, TimeSpan.FromSeconds(1));
    private readonly PartitionedRateLimiter<SiteId> _renewals = Buckets(RenewalsAtOnce, 1, TimeSpan.FromMinutes(1));

    public void CountStatement(SiteId site) => Count(_statements, site, "statements");

    public void CountReading(SiteId site) => Count(_readings, site, "requests for leaves");

    public void CountRenewal(SiteId site) => Count(_renewals, site, "renewals");

    public void Dispose()
    {
        _statements.Dispose();
        _readings.Dispose();
        _renewals.Dispose();
    }

    private static void Count(PartitionedRateLimiter<SiteId> limiter, SiteId site, string what)
    {
        using var lease = limiter.AttemptAcquire(site);
        if (!lease.IsAcquired) throw new RpcException(new Status(StatusCode.ResourceExhausted, $"Too many {what} of this site in a short time. Wait and try again."));
    }

    private static PartitionedRateLimiter<SiteId> Buckets(int atOnce, int more, TimeSpan every) =>
        PartitionedRateLimiter.Create<SiteId, SiteId>(site => RateLimitPartition.GetTokenBucketLimiter(site, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = atOnce, TokensPerPeriod = more, ReplenishmentPeriod = every, QueueLimit = 0,
        }));
}
