namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>What the gateway tells its log: methods and names of sites, never a person, a token or a figure.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1001, LogLevel.Error, "The ledger refused what {Method} wanted to record: {Why}")]
    public static partial void LedgerRefused(this ILogger log, string method, string why);

    [LoggerMessage(1002, LogLevel.Error, "{Method} failed")]
    public static partial void RequestBroke(this ILogger log, string method, Exception why);

    [LoggerMessage(1003, LogLevel.Information, "Site {Site} enrolled")]
    public static partial void SiteEnrolled(this ILogger log, string site);

    [LoggerMessage(1004, LogLevel.Information, "Site {Site} is connected")]
    public static partial void SiteConnected(this ILogger log, string site);

    [LoggerMessage(1005, LogLevel.Information, "Site {Site} is gone")]
    public static partial void SiteGone(this ILogger log, string site);

    [LoggerMessage(1006, LogLevel.Warning, "An upload of site {Site} did not match its digest and was discarded")]
    public static partial void UploadDiscarded(this ILogger log, string site);

    [LoggerMessage(1007, LogLevel.Error, "The disk is full: an upload was refused")]
    public static partial void DiskFull(this ILogger log);

    [LoggerMessage(1008, LogLevel.Information, "Operator {Operator} submitted study {Study}")]
    public static partial void StudySubmitted(this ILogger log, string @operator, string study);

    [LoggerMessage(1009, LogLevel.Information, "The certificate of operator {Operator} was renewed")]
    public static partial void OperatorRenewed(this ILogger log, string @operator);

    [LoggerMessage(1010, LogLevel.Warning, "An update of site {Site} for round {Round} is refused: {Why}")]
    public static partial void UpdateRefused(this ILogger log, string site, string round, string why);
}
