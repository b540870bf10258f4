using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Protocol.V1;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>Does one step. Every one of them may be cut off anywhere and done again.</summary>
internal sealed class StepWork(Site site, StudyId study, StudyShelf shelf, StudyState state)
{
    private SiteId Self => site.Settings.Site;

    public Task<StepOutcome> Do(SiteStep step, CancellationToken cancellationToken) => step switch
    {
        SiteStep.Rest       => Task.FromResult(StepOutcome.Rest),
        SiteStep.Answer s   => Answer(s.Says, cancellationToken),
        SiteStep.Consider s => Consider(s.Round, cancellationToken),
        SiteStep.Make s     => Make(s.Round, cancellationToken),
        SiteStep.Send s     => Send(s.Round, s.Update, cancellationToken),
        SiteStep.Withdraw s => Decline(s.Round, s.Why.Reason, s.Why.Sentence, cancellationToken),
        SiteStep.GiveUp s   => Decline(s.Round, RefusalReason.UpdateLost, "The finished update was lost from the disk before it was announced.", cancellationToken),
        SiteStep.Promote s  => Promote(s),
        SiteStep.Discard s  => Discard(s.Update),
        _                   => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    private async Task<StepOutcome> Answer(StudyAnswer says, CancellationToken cancellationToken)
    {
        var manifest = state.Manifest!;
        switch (says)
        {
            case StudyAnswer.Approve when site.Policy.Read() is PolicyStanding.InForce policy:
                await site.Statements.Hand(site.Statements.Signed(new StudyApproved(study, Self, manifest.Digest, policy.Policy.Digest, "")), null, cancellationToken);
                Tell("study-approved", "approved");
                break;
            case StudyAnswer.Decline no:
                await site.Statements.Hand(site.Statements.Signed(new StudyDeclined(study, Self, manifest.Digest, no.Reason, "")), no.Sentence, cancellationToken);
                Tell("study-declined", $"declined ({Words.Of(no.Reason)}): {no.Sentence}", null, ("reason", Words.Of(no.Reason)));
                break;
        }
        return StepOutcome.AwaitLeaf;
    }

    private async Task<StepOutcome> Consider(RoundOpened opened, CancellationToken cancellationToken)
    {
        Tell("round-opened", $"opened, {opened.Cohort.Length} sites invited", opened.Round);
        if (await Objection(opened, cancellationToken) is { } objection) return await Decline(opened, objection.Reason, objection.Sentence, cancellationToken);
        if (site.Policy.Read() is not PolicyStanding.InForce { Policy: var policy }) return await Decline(opened, RefusalReason.NoPolicy, PolicyStanding.ToOthers, cancellationToken);
        await site.Statements.Hand(site.Statements.Signed(new SiteConsented(study, opened.Round, Self, policy.Digest, "")), null, cancellationToken);
        Tell("consented", "takes part", opened.Round);
        site.Crash.Reach("consent", opened.Round);
        return StepOutcome.AwaitLeaf;
    }

    // Asked before the consent, before the training and before the upload: roster, policy and data may change in between, and so may the ledger.
    private async Task<PolicyVerdict.Refused?> Objection(RoundOpened opened, CancellationToken cancellationToken)
    {
        if (site.Policy.Read() is not PolicyStanding.InForce { Policy: var policy }) return new(RefusalReason.NoPolicy, PolicyStanding.ToOthers);
        switch (await site.Data.Read(state.Manifest!, cancellationToken))
        {
            case DataStanding.Missing:
                return new(RefusalReason.DataMissing, "This site has no data for the dataset that the study asks for.");
            case DataStanding.Unfit unfit:
                var no = StudyCounsel.Declined(unfit);
                return new(no.Reason, no.Sentence);
            case DataStanding.Ready ready:
                var rows = ready.Reading.Examples.Train.Count;
                return RoundTerms.Objection(
                    state, opened, Self, site.Identity, site.Roster(), policy, rows, shelf.SentBefore(opened.Round, opened.Attempt), site.Clock.GetUtcNow());
            default:
                throw new InvalidOperationException("unreachable: the family is closed");
        }
    }

    private async Task<StepOutcome> Make(RoundOpened opened, CancellationToken cancellationToken)
    {
        if (await Objection(opened, cancellationToken) is { } objection) return await Decline(opened, objection.Reason, objection.Sentence, cancellationToken);
        await site.Training.WaitAsync(cancellationToken);
        try
        {
            using var unwanted = new WhileWanted(site, study, opened.Round, cancellationToken);
            try
            {
                await new UpdateMaking(site, shelf, state, opened).Make(unwanted.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Tell("abandoned", "the round went on without this site's update", opened.Round);
                return StepOutcome.Again;
            }
        }
        catch (NoUpdateException none)
        {
            return await Decline(opened, none.Reason, none.Message, cancellationToken);
        }
        finally
        {
            site.Training.Release();
        }
        site.Crash.Reach("training-after", opened.Round);
        return StepOutcome.Again;
    }

    private async Task<StepOutcome> Send(RoundOpened opened, StagedUpdate update, CancellationToken cancellationToken)
    {
        if (await Objection(opened, cancellationToken) is { } objection) return await Decline(opened, objection.Reason, objection.Sentence, cancellationToken);
        var statement = site.Statements.Signed(new UpdateAccepted(
            study, opened.Round, update.Attempt, Self, update.BaseVersion, update.Blob, update.Bytes, update.ChunkRoot, update.Figures, ""));
        var sent = new SentUpdate(study, opened.Round, state.Manifest!, update.Blob, update.Bytes, shelf.UpdatePath(opened.Round), statement);
        shelf.CountSent(opened.Round, update.Attempt);   // before a byte leaves, and by this site's own book: the ledger's count is the coordinator's to write
        site.Egress.Updates.Admit(sent);
        try
        {
            if (!await Upload(sent, cancellationToken)) return StepOutcome.Again;
            var answer = await site.Statements.Hand(statement, null, cancellationToken);
            site.Crash.Reach("announced", opened.Round);
            var late = answer == StatementReply.Types.Answer.Late;
            Tell(late ? "late" : "announced", late ? "the update came too late and is not counted" : "the update is in", opened.Round, ("blob", update.Blob.ToString()));
            return StepOutcome.AwaitLeaf;
        }
        catch (Exception failure) when (EgressRefusedException.In(failure) is { Passing: false } refused)
        {
            var verdict = site.Policy.Read().Consider(state.Manifest!, site.Clock.GetUtcNow()) as PolicyVerdict.Refused;
            var sentence = verdict?.Sentence ?? "This site's own gate does not let the update out; its steward sees why with `agent status`.";
            site.Log.StudyDelayed(study.Value, refused.Message);
            return await Decline(opened, verdict?.Reason ?? RefusalReason.TooManyBytes, sentence, cancellationToken);
        }
    }

    // False when the round closed meanwhile. Only the upload asks: the announcement's own leaf may come before its answer.
    private async Task<bool> Upload(SentUpdate sent, CancellationToken cancellationToken)
    {
        using var wanted = new WhileWanted(site, study, sent.Round, cancellationToken);
        try
        {
            await site.Uploader.Upload(sent, (there, all) => Tell("uploading", "", sent.Round, ("sent", there), ("bytes", all)), wanted.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Tell("abandoned", "the round went on without this site's update", sent.Round);
            return false;
        }
    }

    private async Task<StepOutcome> Decline(RoundOpened opened, RefusalReason reason, string sentence, CancellationToken cancellationToken)
    {
        await site.Statements.Hand(site.Statements.Signed(new SiteDeclined(study, opened.Round, Self, reason, "")), sentence, cancellationToken);
        Tell("declined", $"does not take part ({Words.Of(reason)}): {sentence}", opened.Round, ("reason", Words.Of(reason)));
        return StepOutcome.AwaitLeaf;
    }

    private Task<StepOutcome> Promote(SiteStep.Promote step)
    {
        shelf.Promote(step, site.Egress.Updates, site.Settings.KeepSentUpdates);
        Tell("promoted", "the version is published and this site is in it", step.Update.Round);
        return Task.FromResult(StepOutcome.Again);
    }

    private Task<StepOutcome> Discard(StagedUpdate update)
    {
        shelf.Clear(update, site.Egress.Updates, site.Settings.KeepSentUpdates);
        Tell("discarded", "the round is over; the site's state stays as it was", update.Round);
        return Task.FromResult(StepOutcome.Again);
    }

    private void Tell(string kind, string sentence, int? round = null, params ReadOnlySpan<(string, System.Text.Json.Nodes.JsonNode?)> more) =>
        site.Progress.Tell(kind, sentence, study, round, more);
}
