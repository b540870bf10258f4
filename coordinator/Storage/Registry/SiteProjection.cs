using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Storage.Tables;
using static DeepSeek.Federated.Domain.Events.SiteEvent;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>Table <c>sites</c>.</summary>
internal sealed class SiteProjection : IProjection
{
    public async ValueTask Apply(LedgerDbContext database, RecordedEvent recorded)
    {
        if (recorded.Event is not SiteEvent happened) return;
        var name = happened.Site.Value;
        var site = await database.Sites.FindAsync(name);
        switch (happened)
        {
            case SiteInvited when site is null:
                database.Sites.Add(new SiteRow { Name = name, InvitedAt = recorded.At });
                break;
            case SiteInvited:
                (site.InvitedAt, site.Identity, site.EnrolledAt, site.RevokedAt, site.RevokedBecause) = (recorded.At, null, null, null, null);
                break;
            case SiteEnrolled e:
                site = Projections.Known(site, recorded);
                (site.Identity, site.EnrolledAt) = (e.Identity, recorded.At);
                break;
            case SiteRevoked e:
                site = Projections.Known(site, recorded);
                (site.RevokedAt, site.RevokedBecause) = (recorded.At, e.Reason);
                break;
            case CertificateRenewed:
                break; // the certificates have a table of their own
        }
    }
}
