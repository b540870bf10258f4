using System.Diagnostics;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Aggregates;
using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Grains.Members;
using Microsoft.Extensions.Logging;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>Does the work that follows from a study's state, one piece at a time, until only waiting is left.</summary>
internal sealed class StudyPump(
    Journal<StudyBook> journal, Aggregator aggregator, VersionMaker versions, UpdateBlobs updates, Membership membership, ILogger logger)
{
    private int _emptied;
    private VersionPublished? _candidate;

    /// <summary>Goes on as far as possible.</summary>
    /// <returns>How long until time itself makes something due; null when only a fact can.</returns>
    public async Task<TimeSpan?> Run(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await DeleteUpdates(cancellationToken);
            var work = StudyProgress.Due(journal.State.Study);
            if (work is StudyWork.None) return null;
            var (command, asked) = (await CommandFor(work, cancellationToken), journal.Now);
            if (await Handle(command) is not Decision.Accepted) return UntilDue(asked);
        }
    }

    private async Task<StudyCommand> CommandFor(StudyWork work, CancellationToken cancellationToken) => work switch
    {
        StudyWork.Open                   => new StudyCommand.Advance(membership.Members),
        StudyWork.Collect(var round)     => new StudyCommand.ForRound(new RoundCommand.Close(round.Opened.Round, [.. membership.Members.Keys])),
        StudyWork.Fold(var round)        => new StudyCommand.ForRound(await Fold(round, cancellationToken)),
        StudyWork.Step(var round)        => new StudyCommand.Publish(await Step(round, cancellationToken)),
        _                                => throw new UnreachableException($"{work.GetType().Name} is no work."),
    };

    // The step is tried before the sum is told: a sum that leads off the grid fails its round, and a revealed round cannot fail any more.
    private async Task<RoundCommand> Fold(RoundState.Closed round, CancellationToken cancellationToken)
    {
        var (study, number) = (journal.State.Study, round.Opened.Round);
        var sum = await aggregator.Open(round, study.Manifest!, cancellationToken);
        if (sum is not AggregateOutcome.Opened opened) return Unusable(number, ((AggregateOutcome.Unusable)sum).Reason);
        if (round.Opened.Kind == RoundKind.Training)
        {
            var made = await versions.Make(study.Manifest!, round.Opened, round.Used, opened.Aggregate, study.Versions[^1], cancellationToken);
            if (made is VersionOutcome.Impossible none) return Unusable(number, none.Reason);
            _candidate = ((VersionOutcome.Made)made).Version;
        }
        return new RoundCommand.Reveal(number, opened.Aggregate, opened.Counts);
    }

    private async Task<VersionPublished> Step(RoundState.Revealed round, CancellationToken cancellationToken)
    {
        if (_candidate is { } candidate && candidate.Round == round.Opened.Round) return candidate;
        var study = journal.State.Study;   // a restart came between reveal and publication: the same step gives the same version
        var made = await versions.Make(study.Manifest!, round.Opened, round.Used, round.Aggregate.Aggregate, study.Versions[^1], cancellationToken);
        return made is VersionOutcome.Made(var version)
            ? version
            : throw new InvalidOperationException($"Round {round.Opened.Round} was revealed but gives no version: {((VersionOutcome.Impossible)made).Reason}");
    }

    private RoundCommand.Fail Unusable(int round, string reason)
    {
        StudyLog.AggregateUnusable(logger, journal.State.Study.Manifest!.Name, round, reason);
        return new RoundCommand.Fail(round, RoundFailure.AggregateUnusable);
    }

    // Before the next round opens: see UpdateBlobs.
    private async Task DeleteUpdates(CancellationToken cancellationToken)
    {
        var study = journal.Durable.Study;
        if (study.Round is not { } newest || newest.Opened.Round == _emptied || !UpdateBlobs.AreDone(study)) return;
        await updates.Delete(newest, cancellationToken);
        _emptied = newest.Opened.Round;
    }

    private Task<Decision> Handle(StudyCommand command) =>
        journal.Handle((book, now) => Study.Decide(book.Study, command, now), Actors.Coordinator, null);

    // Measured from before the question: a moment that passed while it was asked is due at once, one that lay behind it already changed nothing.
    private TimeSpan? UntilDue(DateTimeOffset asked)
    {
        var study = journal.State.Study;
        var due = StudyProgress.Due(study) switch
        {
            StudyWork.Collect(var round) => round.Opened.Deadline,
            StudyWork.Open when study.Round is null => study.SubmittedAt + study.Manifest!.Cohort.Patience,
            _ => DateTimeOffset.MinValue,
        };
        if (due <= asked) return null;
        return due > journal.Now ? due - journal.Now : TimeSpan.Zero;
    }
}
