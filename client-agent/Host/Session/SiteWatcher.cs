using DeepSeek.Federated.Agent.Store;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Notices what people do to the site's files: the policy, the data, the roster, the steward's word, a request to stop.</summary>
/// <remarks>It looks once in half a second. File notifications are lost on some network disks; a look never is.</remarks>
public sealed class SiteWatcher(SiteDirectory directory, Changes local, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs until somebody asks the agent to stop.</summary>
    public async Task UntilStop(CancellationToken cancellationToken)
    {
        var seen = Look();
        while (true)
        {
            await Task.Delay(Interval, clock, cancellationToken);
            if (File.Exists(directory.StopRequest)) return;
            var now = Look();
            if (now != seen) local.Tell();
            seen = now;
        }
    }

    private string Look() => string.Join('|', Watched().Select(path => File.GetLastWriteTimeUtc(path).Ticks));

    private IEnumerable<string> Watched() =>
        [directory.Policy, directory.Data, directory.Roster, .. directory.KnownStudies().Select(s => Path.Combine(directory.Study(s), "decision.json"))];
}
