using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Rounds;

internal static partial class RoundsLog
{
    [LoggerMessage(200, LogLevel.Information, "Study {Study}: {Answer}.")]
    public static partial void StudyAnswered(this ILogger log, string study, string answer);

    [LoggerMessage(201, LogLevel.Information, "Study {Study}, round {Round}: {What}.")]
    public static partial void RoundWent(this ILogger log, string study, int round, string what);

    [LoggerMessage(202, LogLevel.Warning, "Study {Study}: {Cause} Trying again.")]
    public static partial void StudyDelayed(this ILogger log, string study, string cause);

    [LoggerMessage(203, LogLevel.Error, "Study {Study} waits for a person: {Cause}")]
    public static partial void StudyWaits(this ILogger log, string study, string cause);
}
