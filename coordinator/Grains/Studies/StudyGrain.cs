using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Aggregates;
using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Grains.Members;
using DeepSeek.Federated.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>One study and its rounds: loads, decides, appends, tells; its timer does what is due. Reentrant: see <see cref="Journal{TState}"/>.</summary>
[Reentrant]
internal sealed class StudyGrain(
    Ledger ledger, LedgerReader reader, Aggregator aggregator, VersionMaker versions, UpdateBlobs updates, Membership membership,
    StudyTroubles troubles, TimeProvider clock, ILogger<StudyGrain> logger) : Grain, IStudyGrain
{
    // Below the age at which idle grains are collected, so that a running study stays; and short, for deadlines follow the wall clock, timers do not.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1), LastRetry = TimeSpan.FromMinutes(1);

    private StudyId _study;
    private Journal<StudyBook> _journal = null!;
    private StudyPump _pump = null!;
    private IGrainTimer _timer = null!;
    private TimeSpan _retry = FirstRetry;
    private bool _woken, _backingOff;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _study = new StudyId(this.GetPrimaryKeyString());
        _journal = new Journal<StudyBook>(ledger, clock, StudyBook.Empty, StudyBook.Apply, this.DeactivateOnIdle);
        var recorded = await reader.ReadStream(Streams.Study(_study), 0, cancellationToken).ToListAsync(cancellationToken);
        recorded.AddRange(await reader.ReadStreamsWithPrefix($"round/{_study}/", cancellationToken).ToListAsync(cancellationToken));
        _journal.Replay(recorded);
        _pump = new StudyPump(_journal, aggregator, versions, updates, membership, logger);
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    public async Task<SubmitOutcome> Submit(byte[] manifest, string actor)
    {
        var reading = ManifestReader.ReadCanonical(manifest);
        if (reading is not ManifestReading.Read(var read)) return new SubmitOutcome.Faulty(((ManifestReading.Faulty)reading).Faults);
        if (read.Name != _study) throw new ArgumentException($"The manifest is of study {read.Name}, not of {_study}.", nameof(manifest));
        if (!aggregator.Knows(read.Protection))
            return new SubmitOutcome.Faulty([$"spec.protection: this coordinator cannot add updates under '{read.Protection}' yet."]);
        var made = await versions.MakeInitial(read, CancellationToken.None);
        if (made is not VersionOutcome.Made(var initial)) return new SubmitOutcome.Faulty([$"spec.model: {((VersionOutcome.Impossible)made).Reason}"]);

        var decision = await Handle(new StudyCommand.Submit(read, [.. membership.Members.Keys], initial), actor, null);
        return decision is Decision.Refused(var why)
            ? new SubmitOutcome.Refused(why)
            : new SubmitOutcome.Running(read.Digest, _journal.Durable.Study.Versions[0].Version, decision is Decision.Unchanged);
    }

    public async Task<Answer> State(LedgerEvent statement, byte[]? privatePart) =>
        Answer.To(await Handle(CommandOf(statement), Actors.Site(((ISiteStatement)statement).Site), privatePart));

    public async Task<Answer> Stop(string actor) => Answer.To(await Handle(new StudyCommand.Stop(StopReason.Operator), actor, null));

    public Task Wake()
    {
        _woken = true;
        if (!_backingOff) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task<StudyView?> Status()
    {
        var book = _journal.Durable;
        return Task.FromResult(book.Study.Phase == StudyPhase.Unknown ? null : StudyViews.Draw(
            book, _journal.DurableSize, WaitingFor.Sentence(book.Study, membership.Members, troubles.Of(_study), _journal.Now)));
    }

    private StudyCommand CommandOf(LedgerEvent statement) => statement switch
    {
        StudyEvent.StudyApproved e when e.Study == _study  => new StudyCommand.Approve(e),
        StudyEvent.StudyDeclined e when e.Study == _study  => new StudyCommand.Decline(e),
        RoundEvent.SiteConsented e when e.Study == _study  => new StudyCommand.ForRound(new RoundCommand.Consent(e)),
        RoundEvent.SiteDeclined e when e.Study == _study   => new StudyCommand.ForRound(new RoundCommand.Decline(e)),
        RoundEvent.UpdateAccepted e when e.Study == _study => new StudyCommand.ForRound(new RoundCommand.Announce(e)),
        _ => throw new ArgumentException($"{statement.GetType().Name} is no statement about study {_study}.", nameof(statement)),
    };

    private async Task<Decision> Handle(StudyCommand command, string actor, byte[]? privatePart)
    {
        var decision = await _journal.Handle(
            (book, now) => Study.Decide(book.Study, command, now), actor, privatePart is null ? (ReadOnlyMemory<byte>?)null : privatePart);
        if (decision is Decision.Accepted) await Wake();
        return decision;
    }

    /// <summary>Ticks never overlap: only one piece of work is in flight. A change of the timer during a tick holds for the time after it.</summary>
    private async Task Tick(CancellationToken cancellationToken)
    {
        try
        {
            _woken = _backingOff = false;
            var due = await _pump.Run(cancellationToken);
            if (troubles.Of(_study) is not null) StudyLog.GoesOn(logger, _study);
            troubles.Clear(_study);
            _retry = FirstRetry;
            Rearm(due);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The activation ends; the next one takes the work up.
        }
        catch (FactNotWrittenException why)
        {
            // The journal deactivated this grain; the wake-up service calls the next activation.
            troubles.Report(_study, $"The ledger does not take the next fact: {why.Message}");
            StudyLog.FactLost(logger, _study, why);
        }
        catch (Exception why)
        {
            // The outermost loop of a study: whatever went wrong is said, and tried again.
            troubles.Report(_study, $"The coordinator cannot go on and tries again: {why.Message}");
            StudyLog.CannotGoOn(logger, _study, _retry.TotalSeconds, why);
            _backingOff = true;
            _timer.Change(_retry, Timeout.InfiniteTimeSpan);
            _retry = TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, 2 * _retry.Ticks));
        }
    }

    private void Rearm(TimeSpan? due)
    {
        // Something happened between the pump's last look and now: look again, or it would be seen at the deadline only.
        if (_woken) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        else if (_journal.Durable.Study.Phase == StudyPhase.Running)
            _timer.Change(due is { } wait && wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }
}
