using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>Cancels work for a round as soon as the ledger shows that the round does not wait for it any more.</summary>
internal sealed class WhileWanted : IDisposable
{
    private readonly CancellationTokenSource _unwanted;
    private readonly Task _watch;

    public WhileWanted(Site site, StudyId study, int round, CancellationToken cancellationToken)
    {
        _unwanted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watch = Watch(site, study, round);
    }

    public CancellationToken Token => _unwanted.Token;

    private async Task Watch(Site site, StudyId study, int round)
    {
        while (!_unwanted.IsCancellationRequested)
        {
            var news = site.Book.Changes.Next;
            if (!Reconcile.StillWanted(site.Book.Studies[study], site.Settings.Site, round))
            {
                await _unwanted.CancelAsync();
                return;
            }
            await Task.WhenAny(news, Task.Delay(Timeout.InfiniteTimeSpan, site.Clock, _unwanted.Token));
        }
    }

    public void Dispose()
    {
        _unwanted.Cancel();
        // The watch ends at once and touches nothing of the source after its cancellation was seen.
        _watch.ContinueWith(_ => _unwanted.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
