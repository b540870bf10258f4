using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Session;

internal static partial class SessionLog
{
    [LoggerMessage(100, LogLevel.Information, "Connected to {Url}; the ledger has {Size} leaves.")]
    public static partial void Connected(this ILogger log, string url, long size);

    [LoggerMessage(101, LogLevel.Warning, "No connection: {Cause} Trying again.")]
    public static partial void Disconnected(this ILogger log, string cause);

    [LoggerMessage(102, LogLevel.Information, "Streams are cut early on this network: asking for news by long polling instead.")]
    public static partial void PollsInstead(this ILogger log);

    [LoggerMessage(103, LogLevel.Information, "The connection's certificate was renewed; it is good until {NotAfter:u}.")]
    public static partial void CertificateRenewed(this ILogger log, DateTimeOffset notAfter);

    [LoggerMessage(104, LogLevel.Warning, "The connection's certificate could not be renewed yet: {Cause} It is good until {NotAfter:u}.")]
    public static partial void CertificateNotRenewed(this ILogger log, string cause, DateTimeOffset notAfter);

    [LoggerMessage(105, LogLevel.Error, "The disk refused a write: {Cause} Nothing was lost; make room. Trying again.")]
    public static partial void DiskRefused(this ILogger log, string cause);

    [LoggerMessage(106, LogLevel.Error, "The coordinator refuses this site: {Cause}")]
    public static partial void Refused(this ILogger log, string cause);

    [LoggerMessage(107, LogLevel.Warning, "{Sentence}")]
    public static partial void Warned(this ILogger log, string sentence);
}
