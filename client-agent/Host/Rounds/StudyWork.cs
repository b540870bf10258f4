using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>The life of one study at this site: look, do the one next thing, look again. All it knows lies in the ledger and on the disk.</summary>
public sealed class StudyWork(Site site, StudyId study)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(60);   // a policy expires without anything ringing
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(10);    // a coordinator restored from a backup may have lost what it answered
    private readonly StudyShelf _shelf = new(site.Directory, study);
    private readonly Backoff _backoff = new(site.Clock);
    private string? _lastFault, _said;
    private long _saidAt;

    private StudyState State => site.Book.Studies[study];

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="LedgerDivergedException">The ledger cannot be trusted any more.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var news = Task.WhenAny(site.Book.Changes.Next, site.Local.Next);
            try
            {
                var outcome = await Step(cancellationToken);
                if (outcome != StepOutcome.Rest) _backoff.Succeeded();
                if (outcome != StepOutcome.Again) await Wait(news, outcome == StepOutcome.Rest ? LookAgain : SayAgain, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not LedgerDivergedException)
            {
                await Wait(news, Delay(failure), cancellationToken);
            }
        }
    }

    private async Task<StepOutcome> Step(CancellationToken cancellationToken)
    {
        var state = State;
        var answer = state.Asked.Contains(site.Settings.Site) && state.Phase == StudyPhase.Running
            ? await StudyCounsel.Answer(site, state.Manifest!, _shelf.Steward, cancellationToken)
            : null;
        var step = Reconcile.Next(state, site.Settings.Site, _shelf.Read(), answer);
        var sentence = Sentences.Of(step, state, answer, site.Settings.Site);
        site.Board.Doing(study, sentence);
        // Said and answered: the leaf is on its way, and other leaves that come before it are no reason to say it again.
        if (sentence == _said && site.Clock.GetElapsedTime(_saidAt) < SayAgain) return StepOutcome.AwaitLeaf;
        var outcome = await new StepWork(site, study, _shelf, state).Do(step, cancellationToken);
        (_said, _saidAt, _lastFault) = (outcome == StepOutcome.AwaitLeaf ? sentence : null, site.Clock.GetTimestamp(), null);
        return outcome;
    }

    // A fault that needs a person is told once, and looked at again when something rings.
    private TimeSpan Delay(Exception failure)
    {
        var (sentence, delay) = failure switch
        {
            SiteFaultException fault                   => (fault.Message, LookAgain),
            UploadRefusedException refused             => (refused.Message, _backoff.Next()),
            _ when Trouble.Of(failure, null) is { } t  => (t.Sentence, _backoff.Next()),
            IOException or UnauthorizedAccessException => ($"The disk refused: {failure.Message} Nothing is lost; make room or mend the rights.", _backoff.Next()),
            // The outermost loop of a study: what nobody foresaw must not end the site's other studies. Its words may hold anything, its kind may not.
            _                                          => ($"This version of the agent cannot go on with the study ({failure.GetType().Name} in {failure.TargetSite?.Name}). Tell its makers; other studies go on.", LookAgain),
        };
        if (sentence != _lastFault) site.Log.StudyDelayed(study.Value, sentence);
        _lastFault = sentence;
        site.Board.Doing(study, sentence);
        return delay;
    }

    private async Task Wait(Task news, TimeSpan most, CancellationToken cancellationToken)
    {
        using var waking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(news, Task.Delay(most, site.Clock, waking.Token));
        await waking.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}

/// <summary>What follows a step.</summary>
public enum StepOutcome
{
    /// <summary>The disk changed: look again at once.</summary>
    Again,
    /// <summary>Nothing to do until something rings.</summary>
    Rest,
    /// <summary>Something was said: the leaf is awaited, and after a while it is said again.</summary>
    AwaitLeaf,
}
