using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Storage;

internal static partial class LedgerLog
{
    [LoggerMessage(1, LogLevel.Information, "The ledger is open at {Size} leaves, root {Root}.")]
    public static partial void Opened(this ILogger logger, long size, string root);

    [LoggerMessage(2, LogLevel.Error, "{Appends} appends could not be written.")]
    public static partial void BatchFailed(this ILogger logger, Exception cause, int appends);

    [LoggerMessage(3, LogLevel.Critical, "The ledger's writer has ended and takes nothing more.")]
    public static partial void WriterEnded(this ILogger logger, Exception cause);

    [LoggerMessage(4, LogLevel.Error, "A listener to the ledger failed; the ledger goes on.")]
    public static partial void ListenerFailed(this ILogger logger, Exception cause);
}
