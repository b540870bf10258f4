using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Learning.Evaluation;
using DeepSeek.Federated.Learning.Models;
using DeepSeek.Federated.Learning.Native;
using DeepSeek.Federated.Learning.Strategies;
using DeepSeek.Federated.Learning.Training;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>Makes one update from base version, own rows and state k: evaluate, train, encode, protect, and only then mark it as finished.</summary>
/// <remarks>
/// All randomness is of (site secret; study, round, purpose): cut off and begun anew, it gives the same bytes. Order of encoding: residual in,
/// scale, stochastic rounding, offset, protect (clipping and noise have no tenant yet).
/// </remarks>
internal sealed class UpdateMaking(Site site, StudyShelf shelf, StudyState state, RoundOpened opened)
{
    private const int EvaluationBatch = 1024;

    private StudyManifest Manifest => state.Manifest!;

    /// <exception cref="NoUpdateException">None can be made; the round is to be declined.</exception>
    public async Task Make(CancellationToken cancellationToken)
    {
        var standing = await site.Data.Read(Manifest, cancellationToken);
        if (standing is DataStanding.Unfit unfit) throw new NoUpdateException(StudyCounsel.Declined(unfit).Reason, StudyCounsel.Declined(unfit).Sentence);
        if (standing is not DataStanding.Ready ready) throw new NoUpdateException(RefusalReason.DataMissing, "This site has no data for the dataset that the study asks for.");
        if (site.Policy.Read() is not PolicyStanding.InForce policy) throw new NoUpdateException(RefusalReason.NoPolicy, PolicyStanding.ToOthers);

        var content = await BaseVersion(cancellationToken);
        var serverControl = await ServerControl(content.Values.Length, cancellationToken);
        site.Crash.Reach("training-before", opened.Round);
        await OnOwnThread(() => Work(content, serverControl, ready.Reading.Examples, policy.Policy, cancellationToken));
    }

    // Training only: an evaluation needs nothing of the strategy's.
    private async Task<float[]> ServerControl(int length, CancellationToken cancellationToken)
    {
        if (opened.Kind != RoundKind.Training || !SiteStrategy.NeedsServerState(Manifest.Strategy)) return [];
        try
        {
            return await new ServerControls(site.Downloader, shelf.Versions).Get(state, opened.BaseVersion, length, cancellationToken);
        }
        catch (InvalidDataException unusable)
        {
            throw new NoUpdateException(RefusalReason.BaseVersionUnusable, unusable.Message);
        }
    }

    private async Task<VersionContent> BaseVersion(CancellationToken cancellationToken)
    {
        try
        {
            var content = await new BaseVersions(site.Downloader, shelf.Versions).Get(state, opened.BaseVersion, cancellationToken);
            return content.Digest == opened.BaseContent ? content : throw new InvalidDataException("The round names another content than its base version has.");
        }
        catch (InvalidDataException unusable)
        {
            throw new NoUpdateException(RefusalReason.BaseVersionUnusable, unusable.Message);
        }
    }

    private void Work(VersionContent content, float[] serverControl, SplitExamples examples, SitePolicy policy, CancellationToken cancellationToken)
    {
        TorchRuntime.Start(site.Settings.TrainingThreads);
        using var model = new SiteModel(Manifest.Model);
        var before = LearningState.Read(shelf.CurrentState().Span, model.SharedLength, model.LocalLength);
        var start = new float[model.SharedLength];
        content.ToFloats(start);
        model.LoadShared(start);
        if (before.Local.Length > 0) model.LoadLocal(before.Local);

        Tell("evaluating", 0, 0, null);
        var evaluation = Evaluator.Evaluate(model, examples.Test, EvaluationBatch, cancellationToken);
        var counts = ImmutableSortedDictionary<string, long>.Empty
            .Add(CountNames.TestRows, evaluation.Rows).Add(CountNames.TestCorrect, evaluation.Correct).Add(CountNames.TestLoss, CountNames.OfLoss(evaluation.LossSum));
        if (Manifest.Strategy is Strategy.Ditto) counts = counts.Add(CountNames.PersonalCorrect, PersonalCorrect(model, before, start, examples.Test, cancellationToken));
        var ring = RoundLayout.RingOf(opened, Manifest);
        var (update, after) = opened.Kind switch
        {
            RoundKind.Training   => Train(model, SiteStrategy.Of(Manifest, start, before.Control, serverControl), start, before, ring, counts, examples.Train, cancellationToken),
            RoundKind.Evaluation => (new CountDigits(ring, counts), null),
        };
        cancellationToken.ThrowIfCancellationRequested();
        Finish(ring, update, after, Figures(evaluation), policy);
    }

    private (IDigitSource, LearningState?) Train(
        SiteModel model, SiteStrategy strategy, float[] start, LearningState before, UpdateRing ring, ImmutableSortedDictionary<string, long> counts, Examples rows,
        CancellationToken cancellationToken)
    {
        if (Trainer.Train(model, rows, Manifest.Training, Batches(rows, before), strategy.Terms, new Steps(this), cancellationToken) is not TrainingOutcome.Trained trained)
            throw new NoUpdateException(RefusalReason.TrainingDiverged, "Training gave a value that is not finite. A smaller learning rate is the usual mend.");

        var deltas = new float[model.SharedLength];
        model.CopyShared(deltas);
        for (var i = 0; i < deltas.Length; i++) deltas[i] -= start[i];
        var (residual, local) = (new float[deltas.Length], new float[model.LocalLength]);
        model.CopyLocal(local);
        counts = counts.AddRange(strategy.Send(deltas, rows.Count, trained.Steps));
        var draft = new UpdateDraft { Deltas = deltas, Rows = rows.Count, Residual = before.Residual, NextResidual = residual, Counts = counts };
        try
        {
            var encoder = new UpdateEncoder(ring, RoundLayout.PlanOf(opened), model.Layout, draft, site.Seed.Stream(Manifest.Name, opened.Round, "rounding"));
            return (encoder, new LearningState(trained.Next, residual, local, strategy.Control, Personal(model, before, start, rows, cancellationToken)));
        }
        catch (NonFiniteUpdateException diverged)
        {
            throw new NoUpdateException(RefusalReason.TrainingDiverged, diverged.Message);
        }
    }

    // One line of batches over all rounds.
    private IBatchSequence Batches(Examples rows, LearningState before)
    {
        if (site.GivenBatches is not { } folder) return new SeededBatches(site.Seed.Derive(Manifest.Name, 0, $"sampler/{Manifest.Dataset.Name}"), rows.Count, Manifest.Training.BatchSize, before.Sampler);
        var path = Path.Combine(folder, $"{Manifest.Name}.txt");
        try
        {
            return GivenBatches.Read(path, before.Sampler);
        }
        catch (Exception unusable) when (unusable is InvalidDataException or IOException)
        {
            throw new SiteFaultException($"The given batches cannot be used: {unusable.Message}", unusable);
        }
    }

    private float[] Personal(SiteModel model, LearningState before, float[] start, Examples rows, CancellationToken cancellationToken) => Manifest.Strategy is Strategy.Ditto ditto
        ? PersonalModel.Train(model, before.Personal, start, ditto.Lambda, rows, Manifest.Training, Batches(rows, before), cancellationToken) ?? before.Personal
        : [];

    private static long PersonalCorrect(SiteModel model, LearningState before, float[] start, Examples test, CancellationToken cancellationToken)
    {
        PersonalModel.Load(model, before.Personal, start);
        var correct = Evaluator.Evaluate(model, test, EvaluationBatch, cancellationToken).Correct;
        model.LoadShared(start);
        if (before.Local.Length > 0) model.LoadLocal(before.Local);
        return correct;
    }

    private void Finish(UpdateRing ring, IDigitSource update, LearningState? after, ImmutableArray<DisclosedFigure> figures, SitePolicy policy)
    {
        var round = new RoundId(opened.Study, opened.Round);
        var (blob, bytes, root) = shelf.WriteUpdate(opened.Round, to => new ClearProtection().Encode(update, ring, round, opened.Attempt, to));
        var next = after?.Write();   // the residual is whole only now, when all digits were given
        shelf.Stage(
            new StagedUpdate(
                opened.Round, opened.Attempt, opened.Kind, opened.BaseVersion, blob, bytes, root, figures, next is null ? null : Domain.Encoding.Digest.Of(next),
                policy.Digest, site.Settings.TrainingThreads),
            next);
        site.Progress.Tell("update-finished", "the update is finished and on disk", opened.Study, opened.Round, ("blob", blob.ToString()), ("bytes", bytes));
    }

    private ImmutableArray<DisclosedFigure> Figures(Evaluation evaluation) =>
    [
        .. Manifest.Disclosures.Order().Select(figure => new DisclosedFigure(figure, figure switch
        {
            Figure.Accuracy => (double)evaluation.Correct / evaluation.Rows,
            Figure.Loss     => evaluation.LossSum / evaluation.Rows,
            Figure.TestRows => evaluation.Rows,
        })).Where(f => double.IsFinite(f.Value)),   // without test rows there is no share to tell
    ];

    private void Tell(string kind, int step, int steps, double? loss) =>
        site.Progress.Tell(kind, "", opened.Study, opened.Round, ("step", step), ("steps", steps), ("loss", loss is { } l && double.IsFinite(l) ? l : null));

    // libtorch keeps its settings by thread, and a pool thread would be blocked for as long as training takes.
    private static Task OnOwnThread(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (OperationCanceledException)
            {
                done.SetCanceled(CancellationToken.None);
            }
            catch (TorchUnavailableException missing)
            {
                done.SetException(new SiteFaultException(missing.Message, missing));
            }
            catch (Exception failure)
            {
                done.SetException(failure);   // thrown again where the task is awaited
            }
        }) { IsBackground = true, Name = "training" };
        thread.Start();
        return done.Task;
    }

    private sealed class Steps(UpdateMaking making) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            making.Tell("training", value.Step, value.Steps, value.Loss);
            making.SiteCrash(value.Step);
        }
    }

    private void SiteCrash(int step) => site.Crash.Reach("training-step", opened.Round, step);
}
