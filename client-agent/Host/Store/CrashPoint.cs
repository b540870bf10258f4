using System.Diagnostics;
using System.Globalization;

namespace DeepSeek.Federated.Agent.Store;

/// <summary>A test hook, off unless FEDERATED_CRASH_AT is set: the process kills itself, without any farewell, at a named place.</summary>
/// <remarks>
/// Places: <c>consent</c>, <c>training-before</c>, <c>training-step:N</c>, <c>training-after</c> (the update is on disk), <c>upload-piece:N</c>, <c>announced</c>.
/// A suffix <c>@R</c> waits for round R.
/// </remarks>
public sealed class CrashPoint(string? place)
{
    public const string Variable = "FEDERATED_CRASH_AT";

    private readonly string? _place = place?.Split('@')[0];
    private readonly int? _round = place?.Split('@') is [_, var round] ? int.Parse(round, CultureInfo.InvariantCulture) : null;

    public static CrashPoint FromEnvironment() => new(Environment.GetEnvironmentVariable(Variable));

    public void Reach(string place, int round, int? number = null)
    {
        if (_place is null) return;
        if (_place != (number is { } n ? $"{place}:{n}" : place) || _round is { } wanted && wanted != round) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
