using System.Diagnostics.Metrics;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Grains.Telemetry;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;
using DeepSeek.Federated.Storage;
using DeepSeek.Federated.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace DeepSeek.Federated.Grains.Tests.Studies;

public sealed class A_study
{
    [Fact]
    public async Task of_three_sites_reaches_its_end_with_the_mean_of_their_updates()
    {
        await using var hospitals = await Hospitals.Open();
        var ended = await hospitals.RunToTheEnd();

        Assert.Equal(StudyPhase.Completed, ended.Phase);
        Assert.Equal(3, ended.Versions.Count);
        var first = InitialVersion.Make(hospitals.Manifest.Model, null).Values;
        using var snapshot = hospitals.Federation.Blobs.OpenRead(ended.Versions[^1].Snapshot);
        var last = VersionSnapshot.Read(snapshot, hospitals.Manifest.Model);
        Assert.Equal(first.Select(v => v + 2 * Hospitals.StepsPerRound), last.Values);
        Assert.Equal(last.Digest, ended.Versions[^1].Content);
        Assert.Equal(VersionIdentity.Of(hospitals.Id, 2, last.Digest, ended.Versions[1].Version), ended.Versions[^1].Version);

        var evaluation = Assert.IsType<RoundState.Revealed>(ended.Round);
        Assert.Equal(RoundKind.Evaluation, evaluation.Opened.Kind);
        Assert.Contains(new NamedCount(CountNames.TestRows, 150), evaluation.Aggregate.Counts);
        Assert.Contains(new NamedCount(CountNames.TestCorrect, 120), evaluation.Aggregate.Counts);
    }

    [Fact]
    public async Task keeps_no_update_after_it_ended()
    {
        await using var hospitals = await Hospitals.Open();
        var ended = await hospitals.RunToTheEnd();
        foreach (var round in ended.Past.Values.Append(ended.Round!))
            foreach (var update in round.Updates)
                Assert.IsType<BlobStatus.Absent>(await hospitals.Federation.Blobs.Status(update.Blob, CancellationToken.None));
    }

    [Fact]
    public async Task that_is_deactivated_after_every_fact_gives_the_same_version()
    {
        await using var undisturbed = await Hospitals.Open();
        var expected = (await undisturbed.RunToTheEnd()).Versions[^1];

        await using var hospitals = await Hospitals.Open();
        var deactivations = 0;
        var last = Task.CompletedTask;
        using (hospitals.Federation.Ledger.Subscribe(_ => last = Task.Run(async () =>
        {
            Interlocked.Increment(ref deactivations);
            await hospitals.Federation.Deactivate(hospitals.Study);
            await hospitals.Study.Wake();
        })))
        {
            Assert.Equal(expected, (await hospitals.RunToTheEnd()).Versions[^1]);
        }
        await last;
        Assert.True(deactivations > 20);
    }

    [Fact]
    public async Task that_is_restarted_before_every_round_gives_the_same_version()
    {
        await using var undisturbed = await Hospitals.Open();
        var expected = (await undisturbed.RunToTheEnd()).Versions[^1];

        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        for (var round = 1; round <= 3; round++)
        {
            var opened = await hospitals.Opened(round);
            await hospitals.Sites[0].TakePart(opened, hospitals.Manifest);
            await hospitals.Federation.Restart();
            foreach (var site in hospitals.Sites.Skip(1)) await site.TakePart(opened, hospitals.Manifest);
        }
        Assert.Equal(expected, (await hospitals.Until(s => s.Phase == StudyPhase.Completed)).Versions[^1]);
    }

    [Fact]
    public async Task that_is_submitted_again_has_the_first_answer_and_another_manifest_is_refused()
    {
        await using var hospitals = await Hospitals.Open();
        var again = Assert.IsType<SubmitOutcome.Running>(await hospitals.Submit());
        Assert.True(again.AlreadyThere);
        Assert.Equal(hospitals.Manifest.Digest, again.Manifest);

        var other = System.Text.Encoding.UTF8.GetString([.. hospitals.Manifest.Canonical]).Replace("to test", "to tease", StringComparison.Ordinal);
        var refused = await hospitals.Study.Submit(System.Text.Encoding.UTF8.GetBytes(other), "operator:test");
        Assert.Equal(new SubmitOutcome.Refused(Refusal.StudyExists), refused);
        Assert.IsType<SubmitOutcome.Faulty>(await hospitals.Study.Submit("{}"u8.ToArray(), "operator:test"));
    }

    [Fact]
    public async Task says_what_it_waits_for()
    {
        await using var hospitals = await Hospitals.Open(minimum: 3);
        await hospitals.Sites[0].Approve(hospitals.Manifest);
        var view = (await hospitals.Study.Status())!;
        Assert.Equal("The next round needs 3 members that approve, and 1 do; no answer yet from bonn, celle.", view.WaitingFor);
        foreach (var site in hospitals.Sites.Skip(1)) await site.Approve(hospitals.Manifest);

        var opened = await hospitals.Opened(1);
        await hospitals.Sites[0].Consent(opened);
        view = (await hospitals.Study.Status())!;
        Assert.Equal("Round 1 waits for the updates of aachen and the answers of bonn, celle, until 2026-06-01 12:10:00Z at the latest.", view.WaitingFor);
        Assert.Equal(RoundOutcome.Collecting, Assert.Single(view.Rounds).Outcome);
        Assert.Equal([hospitals.Sites[0].Id], view.Rounds[0].Sites.Consented);
        Assert.Null(await hospitals.Federation.Study(new("nobody")).Status());
    }

    [Fact]
    public async Task that_an_operator_stops_ends_its_open_round_too()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        await hospitals.Sites[0].TakePart(opened, hospitals.Manifest);
        Assert.IsType<Answer.Recorded>(await hospitals.Study.Stop("operator:test"));
        Assert.Equal(new Answer.Refused(Refusal.StudyEnded), await hospitals.Study.Stop("operator:test"));

        var state = await hospitals.Federation.Replay(hospitals.Id);
        Assert.Equal(StudyPhase.Stopped, state.Phase);
        Assert.Equal(RoundFailure.Stopped, Assert.IsType<RoundState.Failed>(state.Round).Why);
        Assert.Equal("Nothing: the study was stopped.", (await hospitals.Study.Status())!.WaitingFor);
    }

    [Fact]
    public async Task begins_without_the_silent_when_its_patience_is_over()
    {
        await using var hospitals = await Hospitals.Open();
        foreach (var site in hospitals.Sites.Take(2)) await site.Approve(hospitals.Manifest);
        Assert.Null((await hospitals.Federation.Replay(hospitals.Id)).Round);
        hospitals.Federation.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await hospitals.Opened(1)).Cohort.Length);
    }

    [Fact]
    public async Task takes_statements_about_itself_only()
    {
        await using var hospitals = await Hospitals.Open();
        var foreign = new StudyEvent.StudyApproved(new("other"), hospitals.Sites[0].Id, default, default, "");
        await Assert.ThrowsAsync<ArgumentException>(() => hospitals.Study.State(foreign, null));
    }

    [Fact]
    public async Task starts_from_weights_only_when_they_were_uploaded()
    {
        await using var hospitals = await Hospitals.Open();
        var manifest = System.Text.Encoding.UTF8.GetString([.. hospitals.Manifest.Canonical])
            .Replace("\"name\":\"heart\",\"purpose\"", "\"name\":\"lungs\",\"purpose\"", StringComparison.Ordinal)
            .Replace("\"seed\":1", $"\"initialWeights\":\"{Digest.Of("weights"u8)}\"", StringComparison.Ordinal);
        var canonical = CanonicalJson.Canonicalize(System.Text.Encoding.UTF8.GetBytes(manifest));
        var faulty = Assert.IsType<SubmitOutcome.Faulty>(await hospitals.Federation.Study(new("lungs")).Submit(canonical, "operator:test"));
        Assert.Contains("are not in the blob store", Assert.Single(faulty.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task says_that_the_disk_is_full_and_goes_on_when_there_is_room()
    {
        await using var hospitals = await Hospitals.Open(rounds: 1);
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        var statements = new List<RoundEvent.UpdateAccepted>();
        foreach (var site in hospitals.Sites)
        {
            await site.Consent(opened);
            statements.Add(await site.Update(opened, hospitals.Manifest));
        }
        hospitals.Federation.Disk.Full = true;
        foreach (var (site, statement) in hospitals.Sites.Zip(statements)) await site.Say(statement);
        await hospitals.UntilItSays("The coordinator cannot go on and tries again: The disk is full: make room.");

        hospitals.Federation.Disk.Full = false;
        hospitals.Federation.Clock.Advance(TimeSpan.FromMinutes(1));
        await hospitals.Opened(2);
        await hospitals.UntilItSays("Round 2 waits for the answers of aachen, bonn, celle, until 2026-06-01 12:11:00Z at the latest.");
    }

    [Fact]
    public async Task whose_memory_is_behind_the_ledger_says_no_reads_itself_anew_and_goes_on()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.Sites[0].Approve(hospitals.Manifest);
        var behind = new StudyEvent.StudyDeclined(hospitals.Id, hospitals.Sites[1].Id, hospitals.Manifest.Digest, Domain.Policies.RefusalReason.DataMissing, "");
        await hospitals.Federation.Ledger.Append(
            [new PendingEvent(behind, Actors.Coordinator, Federation.Noon, 3)], CancellationToken.None);
        await Assert.ThrowsAsync<FactNotWrittenException>(() => hospitals.Sites[2].Approve(hospitals.Manifest));
        Assert.IsType<Answer.Recorded>(await hospitals.Sites[2].Approve(hospitals.Manifest));
        Assert.Equal(2, (await hospitals.Opened(1)).Cohort.Length);
    }

    [Fact]
    public async Task never_dates_a_fact_before_the_last_one_should_the_clock_run_backwards()
    {
        await using var hospitals = await Hospitals.Open(minimum: 3);
        await hospitals.Sites[0].Approve(hospitals.Manifest);
        await hospitals.Federation.Restart(Federation.Noon.AddHours(-1));
        await hospitals.Sites[1].Approve(hospitals.Manifest);
        var leaves = await hospitals.Federation.Reader.ReadStream(Streams.Study(hospitals.Id), 0, CancellationToken.None).ToListAsync();
        Assert.Equal(4, leaves.Count);
        Assert.All(leaves, leaf => Assert.Equal(Federation.Noon, leaf.At));
    }

    [Fact]
    public async Task is_measured_without_naming_a_participant()
    {
        await using var hospitals = await Hospitals.Open(rounds: 1);
        var (measured, factory) = (new List<string>(), hospitals.Federation.Services.GetRequiredService<IMeterFactory>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Scope == factory && instrument.Meter.Name == FederationMetrics.Name) l.EnableMeasurementEvents(instrument);
            },
        };
        void Take<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            foreach (var tag in tags) Assert.Equal(new("outcome", "revealed"), tag);
            lock (measured) measured.Add(instrument.Name);
        }
        listener.SetMeasurementEventCallback<double>(Take);
        listener.SetMeasurementEventCallback<long>(Take);
        listener.Start();
        await hospitals.RunToTheEnd();
        listener.RecordObservableInstruments();
        lock (measured)
        {
            Assert.Equal(2, measured.Count(n => n == "federated.round.duration"));
            Assert.Equal(2, measured.Count(n => n == "federated.round.dropouts"));
            Assert.Equal(6, measured.Count(n => n == "federated.update.bytes"));
            Assert.Equal(1, measured.Count(n => n == "federated.ledger.leaves"));
        }
    }
}
