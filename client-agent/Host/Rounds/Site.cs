using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Signing.Rosters;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What all studies of a running agent share.</summary>
public sealed record Site
{
    public required SiteDirectory Directory { get; init; }
    public required SiteSettings Settings { get; init; }
    public required PublicKey Identity { get; init; }
    public required SiteSeed Seed { get; init; }
    public required LedgerBook Book { get; init; }
    public required PolicyFile Policy { get; init; }
    public required SiteData Data { get; init; }
    public required EgressDesk Egress { get; init; }
    public required Statements Statements { get; init; }
    public required BlobUploader Uploader { get; init; }
    public required BlobDownloader Downloader { get; init; }
    public required ProgressFeed Progress { get; init; }
    public required RunBoard Board { get; init; }
    public required CrashPoint Crash { get; init; }
    public required TimeProvider Clock { get; init; }
    public required ILogger Log { get; init; }

    /// <summary>A folder with the batches of each study, drawn by another program whose run is replayed; null to draw them here.</summary>
    public string? GivenBatches { get; init; }

    /// <summary>Rings when the steward changed a file.</summary>
    public Changes Local { get; } = new();

    /// <summary>One training at a time.</summary>
    public SemaphoreSlim Training { get; } = new(1);

    /// <summary>Whom this site has agreed to federate with, as the file says now.</summary>
    public Roster Roster()
    {
        try
        {
            return File.Exists(Directory.Roster) ? RosterDocument.Read(File.ReadAllBytes(Directory.Roster)) : Signing.Rosters.Roster.Empty;
        }
        catch (FormatException broken)
        {
            throw new SiteFaultException($"'{Directory.Roster}' cannot be read: {broken.Message}", broken);
        }
    }
}
