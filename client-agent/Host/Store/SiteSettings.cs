using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Agent.Store;

/// <summary><c>site.json</c>: who this site is and which coordinator it dials. Written last at enrolment, so that it marks a finished one.</summary>
/// <param name="Site">The name the site was invited under.</param>
/// <param name="Url">The coordinator, <c>https://HOST:PORT</c>.</param>
/// <param name="Federation">The federation's name: the origin of its checkpoints.</param>
/// <param name="LedgerKey">The key that signs its checkpoints, pinned at enrolment.</param>
/// <param name="Proxy">A CONNECT proxy, <c>http://HOST:PORT</c>; <c>none</c> to dial directly whatever HTTPS_PROXY says; absent to follow HTTPS_PROXY.</param>
/// <param name="PieceBytes">Bytes of one uploaded piece; 4 KiB to 8 MiB.</param>
/// <param name="KeepSentUpdates">How many sent updates stay in <c>egress/updates</c> for <c>agent egress show</c>; at least 1.</param>
/// <param name="TrainingThreads">Threads of one training; another number gives other bits.</param>
public sealed record SiteSettings(
    SiteId Site, string Url, string Federation, string LedgerKey, string? Proxy = null, int PieceBytes = 1 << 20, int KeepSentUpdates = 20,
    int TrainingThreads = 1)
{
    private const string Mend = "Mend the key named, or enrol again with a new token in an empty folder.";
    private const int SmallestPiece = 4096;

    public static SiteSettings Load(SiteDirectory directory)
    {
        if (!directory.IsEnrolled)
            throw new SiteFaultException($"There is no enrolled site in '{directory.Root}'. Run: agent enroll URL TOKEN --dir '{directory.Root}'");
        var settings = StrictJson.Read<SiteSettings>(directory.Settings, Mend);
        return settings.Fault() is { } fault ? throw new SiteFaultException($"'{directory.Settings}': {fault}") : settings;
    }

    public void Save(SiteDirectory directory) => StrictJson.Write(directory.Settings, this);

    private string? Fault() => this switch
    {
        _ when !IsHttps(Url)                                                    => $"url must be https://HOST:PORT, not '{Url}'.",
        _ when !PublicKey.TryParse(LedgerKey, out _)                            => "ledgerKey must be 'ed25519:' and 43 characters of base64url.",
        _ when Proxy is not (null or "none") && !IsHttp(Proxy)                  => $"proxy must be http://HOST:PORT or none, not '{Proxy}'.",
        { PieceBytes: < SmallestPiece or > WireLimits.UploadPieceBytes }        => $"pieceBytes must be {SmallestPiece} to {WireLimits.UploadPieceBytes}.",
        { KeepSentUpdates: < 1 }                                                => "keepSentUpdates must be at least 1.",
        { TrainingThreads: < 1 or > 256 }                                       => "trainingThreads must be 1 to 256.",
        _                                                                       => null,
    };

    public static bool IsHttps(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "https", PathAndQuery: "/" };

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
