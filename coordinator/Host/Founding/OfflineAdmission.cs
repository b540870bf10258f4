using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Coordinator.Commands;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Federations;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>Admits an operator without asking an admin: whoever holds the CA's key could anyway, and this way the ledger says so.</summary>
internal static class OfflineAdmission
{
    /// <summary>Writes the profile and appends the admission, as the coordinator's own act; gives the end of the certificate.</summary>
    /// <exception cref="OperationRefusedException">The folder is not empty, the law says no, or the ledger does not verify.</exception>
    public static async Task<DateTimeOffset> Run(
        FederationDirectory directory, CoordinatorSettings settings, string name, OperatorRole role, string folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new OperationRefusedException($"{folder} is not empty, and a profile is never written over another. Name a new folder with --out.");
        string ledgerKey;
        using (var ledger = SigningKey.Load(directory.LedgerKey)) ledgerKey = ledger.Public.ToString();
        using var authority = CertificateAuthority.Load(directory, settings.Name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = clock.GetUtcNow();
        using var certificate = authority.IssueOperator(name, new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).PublicKey, now, settings.OperatorCertificate);
        var issued = new OperatorCertificate(Digest.Of(certificate.RawData), Requests.NotAfterOf(certificate));
        // The profile first: an admission that is recorded and whose key is lost would keep the name for a year.
        OperatorProfile.Write(folder, authority, certificate, key, $"https://{settings.Hosts[0]}:{settings.Port}", settings.Name, ledgerKey);
        try
        {
            await OfflineLedger.Append(directory, directory.Storage(settings), clock, (_, state) => Facts(state, new FederationCommand.Admit(name, role, issued), now), cancellationToken);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
        return issued.NotAfter;
    }

    private static ImmutableArray<LedgerEvent> Facts(FederationState state, FederationCommand command, DateTimeOffset now) => FederationLaw.Decide(state, command, now) switch
    {
        Decision.Accepted(var events) => events,
        Decision.Refused(var why)     => throw new OperationRefusedException(why.Sentence()),
        _                             => throw new InvalidOperationException("A certificate that was issued this moment cannot be there."),
    };
}
