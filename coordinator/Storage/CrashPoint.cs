using System.Diagnostics;
using System.Globalization;

namespace DeepSeek.Federated.Storage;

/// <summary>A test hook: <c>FEDERATED_CRASH_AFTER=event-type:N</c> kills this process with SIGKILL when the N-th event of that type since its start has
/// become durable and before anybody is told. Off unless the variable is set. <c>blob-piece:N</c> strikes when the N-th piece of an unfinished blob is
/// kept and its sender has no answer yet. Thread-safe.</summary>
public sealed class CrashPoint
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "FEDERATED_CRASH_AFTER";

    internal const string BlobPiece = "blob-piece";

    private readonly string? _type;
    private readonly Action _die;
    private int _left;

    internal CrashPoint(string? setting, Action die)
    {
        _die = die;
        if (string.IsNullOrEmpty(setting)) return;
        var parts = setting.Split(':');
        if (parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _left) || _left < 1)
            throw new ArgumentException($"{Variable} is 'event-type:N' with N from 1, such as 'round-opened:1', not '{setting}'. Unset it outside tests.");
        _type = parts[0];
    }

    /// <summary>As the environment says.</summary>
    /// <exception cref="ArgumentException">The variable is set to something else.</exception>
    public static CrashPoint FromEnvironment() => new(Environment.GetEnvironmentVariable(Variable), Die);

    internal void After(IEnumerable<string> durableTypes)
    {
        if (_type is null) return;
        if (durableTypes.Count(type => type == _type) is > 0 and var seen && Interlocked.Add(ref _left, -seen) is <= 0 and var left && left + seen > 0) _die();
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite); // the signal may take a moment: nothing is answered meanwhile
    }
}
