using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Members;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>Wakes the studies: all that may have left something behind at start, the running ones when members come or go, and every few
/// seconds, so that a grain that had to deactivate is called back.</summary>
internal sealed class StudyWakeup(
    IGrainFactory grains, StudyRegister studies, Membership membership, IHostApplicationLifetime host, TimeProvider clock, ILogger<StudyWakeup> logger)
    : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _changed = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        membership.Changed += Signal;
        try
        {
            await Started(stoppingToken);
            await Wake(studies.Studies.Where(s => s.Phase != StudyPhase.Completed));   // a stopped one may have updates to delete
            while (true)
            {
                await Wait(stoppingToken);
                await Wake(studies.Studies.Where(s => s.Phase == StudyPhase.Running));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            membership.Changed -= Signal;
        }
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    private async Task Started(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var begun = host.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private async Task Wait(CancellationToken stoppingToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await await Task.WhenAny(_changed.WaitAsync(ended.Token), Task.Delay(Sweep, clock, ended.Token));
        await ended.CancelAsync();
    }

    private async Task Wake(IEnumerable<(StudyId Study, StudyPhase Phase)> wanted)
    {
        foreach (var (study, _) in wanted)
        {
            try
            {
                await grains.GetGrain<IStudyGrain>(study.Value).Wake();
            }
            catch (Exception why)
            {
                StudyLog.NotWoken(logger, study, why);   // the sweep comes round again
            }
        }
    }

    private void Signal()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Signalled already.
        }
    }
}
