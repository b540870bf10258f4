using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>Makes a federation: keys, the first two leaves, the first admin. The settings file comes last: a folder with it is whole.</summary>
internal static class Foundation
{
    public static async Task Lay(FederationDirectory directory, CoordinatorSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (settings.Database.Place(directory) is LedgerPlace.OnServer server) await LedgerBackup.RefuseTaken(server, cancellationToken);
        directory.Create();
        using var authority = CertificateAuthority.Found(settings.Name, now);
        authority.Save(directory);
        string ledgerKey;
        using (var key = SigningKey.Create())
        {
            key.Save(directory.LedgerKey);
            ledgerKey = key.Public.ToString();
        }
        using var adminKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=admin", adminKey, HashAlgorithmName.SHA256);
        using var admin = authority.IssueOperator(OperatorProfile.FirstAdmin, request.PublicKey, now, settings.OperatorCertificate);

        OwnerFile.CreateNew(directory.Database).Dispose(); // SQLite takes an empty file, and its journals take over the file's mode
        await OfflineLedger.Append(directory, directory.StorageInFile(settings), clock,
            (_, _) => [
                new FederationEvent.FederationFounded(settings.Name, ledgerKey, authority.Fingerprint),
                new FederationEvent.OperatorAdmitted(
                    OperatorProfile.FirstAdmin, OperatorRole.Admin, Digest.Of(admin.RawData), new DateTimeOffset(admin.NotAfter.ToUniversalTime(), TimeSpan.Zero)),
            ], cancellationToken);
        await OfflineLedger.Deliver(directory, settings, cancellationToken);

        OperatorProfile.Write(directory.Operator, authority, admin, adminKey, $"https://{settings.Hosts[0]}:{settings.Port}", settings.Name, ledgerKey);
        settings.Write(directory.Settings);
    }
}
