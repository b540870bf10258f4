using DeepSeek.Federated.Agent.Session;

namespace DeepSeek.Federated.Agent.Tests.Session;

public sealed class A_look_at_the_sites_files : IDisposable
{
    private readonly TestSite _site = new();
    private readonly BellClock _clock = new(TestSite.Noon);
    private readonly Changes _local = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task rings_once_for_each_file_that_a_person_changed_and_ends_when_asked_to_stop()
    {
        var decision = Path.Combine(_site.Directory.Study(TestSite.Study), "decision.json");
        Directory.CreateDirectory(Path.GetDirectoryName(decision)!);
        var watching = new SiteWatcher(_site.Directory, _local, _clock).UntilStop(TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromMilliseconds(500), await _clock.Waits());

        Assert.False(await Rings());
        foreach (var file in new[] { _site.Directory.Policy, _site.Directory.Data, _site.Directory.Roster, decision })
        {
            File.WriteAllText(file, "something");
            Assert.True(await Rings(), file);
            Assert.False(await Rings(), file);
            File.SetLastWriteTimeUtc(file, TestSite.Noon.UtcDateTime);
            Assert.True(await Rings(), file);
            File.Delete(file);
            Assert.True(await Rings(), file);
        }

        File.WriteAllText(_site.Directory.StopRequest, "stop");
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        await watching;
    }

    // The next wait begins only when the look before it is over.
    private async Task<bool> Rings()
    {
        var bell = _local.Next;
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        await _clock.Waits();
        return bell.IsCompleted;
    }
}
