using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.SiteEvent;

namespace DeepSeek.Federated.Storage.Registry;

/// <summary>Table <c>certificates</c>: sites' and operators'.</summary>
internal sealed class CertificateProjection : IProjection
{
    public ValueTask Apply(LedgerDbContext database, RecordedEvent recorded) => recorded.Event switch
    {
        SiteEnrolled e       => Issue(database, DigestOf(e.Certificate), Actors.Site(e.Site), null, e.NotAfter),
        CertificateRenewed e => Issue(database, DigestOf(e.Certificate), Actors.Site(e.Site), null, e.NotAfter),
        OperatorAdmitted e   => Issue(database, e.Certificate, Actors.Operator(e.Operator), e.Role.ToString(), e.NotAfter),
        OperatorRenewed e    => Renew(database, e),
        SiteRevoked e        => Revoke(database, Actors.Site(e.Site), recorded.At),
        OperatorRevoked e    => Revoke(database, Actors.Operator(e.Operator), recorded.At),
        _                    => ValueTask.CompletedTask, // every other fact leaves certificates as they are
    };

    private static async ValueTask Renew(LedgerDbContext database, OperatorRenewed e)
    {
        await database.SaveChangesAsync(); // the admission may be of the same batch
        var actor = Actors.Operator(e.Operator);
        var role = await database.Certificates.Where(c => c.Actor == actor && c.RevokedAt == null).Select(c => c.Role).FirstOrDefaultAsync();
        await Issue(database, e.Certificate, actor, role, e.NotAfter);
    }

    private static Digest DigestOf(string certificate) => Digest.Of(Convert.FromBase64String(certificate));

    private static async ValueTask Issue(LedgerDbContext database, Digest certificate, string actor, string? role, DateTimeOffset notAfter)
    {
        // The same certificate may be admitted anew after a revocation; the ledger remembers both, the table the last.
        if (await database.Certificates.FindAsync(certificate) is { } earlier)
        {
            database.Certificates.Remove(earlier);
            await database.SaveChangesAsync();
        }
        database.Certificates.Add(new CertificateRow { Certificate = certificate, Actor = actor, Role = role, NotAfter = notAfter });
    }

    private static async ValueTask Revoke(LedgerDbContext database, string actor, DateTimeOffset at)
    {
        await database.SaveChangesAsync(); // certificates of the same batch are to be found too
        await foreach (var certificate in database.Certificates.Where(c => c.Actor == actor && c.RevokedAt == null).AsAsyncEnumerable())
            certificate.RevokedAt = at;
    }
}
