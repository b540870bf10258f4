using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>TLS 1.3 to a server that the federation's own CA certified, and to nobody else. Remembers why it said no.</summary>
internal sealed class PinnedAuthority(X509Certificate2? authority, X509Certificate2? client)
{
    private volatile string? _objection;

    /// <summary>What was wrong with the server's certificate at the last failed connection.</summary>
    public string? Objection => _objection;

    public SslClientAuthenticationOptions Options() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificates = client is null ? null : [client],
        LocalCertificateSelectionCallback = client is null ? null : (_, _, _, _, _) => client,
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = Judge,
    };

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,   // the federation's own allow-list is checked at every call, by the coordinator
            DisableCertificateDownloads = true,            // or a stranger's certificate could name any address, and it would be asked past the gate
        };
        if (authority is not null) policy.CustomTrustStore.Add(authority);
        return policy;
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        // Without an authority only the CA's certificate itself is fetched, which the token's digest then proves.
        if (authority is null || errors == SslPolicyErrors.None)
        {
            _objection = null;
            return true;
        }
        _objection = errors switch
        {
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "The server showed no certificate.",
            SslPolicyErrors.RemoteCertificateNameMismatch =>
                $"The coordinator's certificate is not for this host name (it names '{certificate?.Subject}'). Use the host name it was made for, or add this one: coordinator init --host.",
            _ when chain?.ChainStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) == true =>
                "The coordinator's certificate is expired or not yet valid. Check this machine's clock; otherwise the coordinator must renew it.",
            _ => $"The connection is not the coordinator's own: its certificate was issued by '{certificate?.Issuer}', not by the federation's CA. "
                 + "A proxy that opens TLS stands between. Ask the network's people to let this host through without inspection, or set another proxy in site.json.",
        };
        return false;
    }
}
