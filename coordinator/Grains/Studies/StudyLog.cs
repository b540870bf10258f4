using DeepSeek.Federated.Domain.Names;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>What the coordinator's log says about studies. Never a value of an update, never one participant's figures.</summary>
internal static partial class StudyLog
{
    [LoggerMessage(3001, LogLevel.Error, "Round {Round} of study {Study} gives no usable aggregate: {Reason}")]
    internal static partial void AggregateUnusable(ILogger logger, StudyId study, int round, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Study {Study} cannot go on and tries again in {Seconds} s")]
    internal static partial void CannotGoOn(ILogger logger, StudyId study, double seconds, Exception why);

    [LoggerMessage(3003, LogLevel.Warning, "Study {Study} lost a fact that could not be written and reads itself anew")]
    internal static partial void FactLost(ILogger logger, StudyId study, Exception why);

    [LoggerMessage(3004, LogLevel.Warning, "Study {Study} could not be woken; it is tried again")]
    internal static partial void NotWoken(ILogger logger, StudyId study, Exception why);

    [LoggerMessage(3005, LogLevel.Information, "Study {Study} goes on again")]
    internal static partial void GoesOn(ILogger logger, StudyId study);
}
