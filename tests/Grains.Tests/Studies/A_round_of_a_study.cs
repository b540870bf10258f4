using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Grains.Tests.Studies;

public sealed class A_round_of_a_study
{
    [Fact]
    public async Task answers_the_same_update_alike_and_refuses_another()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        var site = hospitals.Sites[0];
        Assert.Equal(new Answer.Refused(Refusal.ConsentMissing), await site.Announce(opened, hospitals.Manifest));
        Assert.IsType<Answer.Recorded>(await site.Consent(opened));
        Assert.IsType<Answer.AlreadyRecorded>(await site.Consent(opened));
        var statement = await site.Update(opened, hospitals.Manifest);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => site.Say(statement)));
        Assert.Single(answers, a => a is Answer.Recorded);
        Assert.Equal(4, answers.Count(a => a is Answer.AlreadyRecorded));
        Assert.Equal(new Answer.Refused(Refusal.AnotherUpdateAccepted), await site.Announce(opened, hospitals.Manifest, salt: "other"));
    }

    [Fact]
    public async Task closes_at_its_deadline_without_those_who_dropped()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        foreach (var site in hospitals.Sites.Take(2)) await site.TakePart(opened, hospitals.Manifest);
        Assert.IsType<Answer.Recorded>(await hospitals.Sites[2].Consent(opened));
        hospitals.Federation.Clock.Advance(TimeSpan.FromMinutes(10));

        var ended = Assert.IsType<RoundState.Revealed>(await hospitals.Ended(1));
        Assert.Equal(hospitals.Sites.Take(2).Select(s => s.Id), ended.Used);
        Assert.IsType<Answer.Late>(await hospitals.Sites[2].Announce(opened, hospitals.Manifest));
        await hospitals.Opened(2);
        var view = (await hospitals.Study.Status())!.Rounds[0];
        Assert.Equal([hospitals.Sites[2].Id], view.Sites.Dropped);
        Assert.Equal([hospitals.Sites[2].Id], view.Sites.Late);
        Assert.Equal(TimeSpan.FromMinutes(10), view.EndedAt - view.OpenedAt);
    }

    [Fact]
    public async Task goes_on_with_the_rest_when_a_site_declines()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        Assert.IsType<Answer.Recorded>(await hospitals.Sites[1].Decline(opened));
        foreach (var site in hospitals.Sites.Where(s => s != hospitals.Sites[1])) await site.TakePart(opened, hospitals.Manifest);
        var ended = Assert.IsType<RoundState.Revealed>(await hospitals.Ended(1));
        Assert.Equal([hospitals.Sites[0].Id, hospitals.Sites[2].Id], ended.Used);
    }

    [Fact]
    public async Task below_its_minimum_fails_and_the_study_stops_after_as_many_as_it_allows()
    {
        await using var hospitals = await Hospitals.Open(minimum: 3);
        await hospitals.ApproveAll();
        for (var round = 1; round <= 2; round++)
        {
            var opened = await hospitals.Opened(round);
            await hospitals.Sites[0].Decline(opened);
            foreach (var site in hospitals.Sites.Skip(1)) await site.TakePart(opened, hospitals.Manifest);
            Assert.Equal(RoundFailure.TooFewParticipants, Assert.IsType<RoundState.Failed>(await hospitals.Ended(round)).Why);
        }
        await hospitals.Until(s => s.Phase == StudyPhase.Stopped);
    }

    [Fact]
    public async Task does_not_wait_for_a_site_that_is_revoked_and_does_not_use_it()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        foreach (var site in hospitals.Sites.Take(2)) await site.TakePart(opened, hospitals.Manifest);
        await hospitals.Federation.Site(hospitals.Sites[2].Id).Revoke("left", "operator:test");
        var ended = Assert.IsType<RoundState.Revealed>(await hospitals.Ended(1));
        Assert.Equal(hospitals.Sites.Take(2).Select(s => s.Id), ended.Used);
        Assert.Equal(2, (await hospitals.Opened(2)).Cohort.Length);
    }

    [Fact]
    public async Task whose_update_vanished_fails_as_unusable_and_is_tried_again()
    {
        await using var hospitals = await Hospitals.Open();
        await hospitals.ApproveAll();
        var opened = await hospitals.Opened(1);
        await hospitals.Sites[0].TakePart(opened, hospitals.Manifest);
        var accepted = (await hospitals.Federation.Replay(hospitals.Id)).Round!.Updates.Single();
        await hospitals.Federation.Blobs.Delete(accepted.Blob, CancellationToken.None);
        foreach (var site in hospitals.Sites.Skip(1)) await site.TakePart(opened, hospitals.Manifest);
        Assert.Equal(RoundFailure.AggregateUnusable, Assert.IsType<RoundState.Failed>(await hospitals.Ended(1)).Why);
        await hospitals.Opened(2);
    }

    [Fact]
    public async Task whose_step_leaves_the_grid_fails_and_the_study_stops_by_its_law()
    {
        // A grid of 2^-30 reaches ±2: a mean step of 2^-9 stays inside, so the range is stretched until a unit is 2^11.
        await using var hospitals = await Hospitals.Open(range: "67108864", gridBits: "30");
        await hospitals.ApproveAll();
        for (var round = 1; round <= 2; round++)
        {
            var opened = await hospitals.Opened(round);
            foreach (var site in hospitals.Sites) await site.Say(await Big(site, opened, hospitals));
            Assert.Equal(RoundFailure.AggregateUnusable, Assert.IsType<RoundState.Failed>(await hospitals.Ended(round)).Why);
        }
        await hospitals.Until(s => s.Phase == StudyPhase.Stopped);
    }

    [Fact]
    public async Task takes_announcements_in_any_interleaving_and_counts_each_once()
    {
        await using var hospitals = await Hospitals.Open(rounds: 1);
        await Task.WhenAll(hospitals.Sites.Select(s => s.Approve(hospitals.Manifest)));
        for (var round = 1; round <= 2; round++)
        {
            var opened = await hospitals.Opened(round);
            await Task.WhenAll(hospitals.Sites.SelectMany(s => Enumerable.Repeat(s, 3)).Select(s => s.Consent(opened)));
            var statements = await Task.WhenAll(hospitals.Sites.Select(s => s.Update(opened, hospitals.Manifest)));
            var answers = await Task.WhenAll(hospitals.Sites.SelectMany((s, i) => Enumerable.Repeat((s, i), 4)).Select(p => p.s.Say(statements[p.i])));
            Assert.Equal(3, answers.Count(a => a is Answer.Recorded));
        }
        var ended = await hospitals.Until(s => s.Phase == StudyPhase.Completed);
        Assert.Equal(3, ((RoundState.Revealed)ended.Round!).Used.Length);
    }

    private static async Task<RoundEvent.UpdateAccepted> Big(SimulatedSite site, StudyEvent.RoundOpened opened, Hospitals hospitals)
    {
        await site.Consent(opened);
        // Each its own: equal updates are taken for copies.
        using var far = new SimulatedSite(hospitals.Federation, site.Id.Value, 1e6f * hospitals.Sites.TakeWhile(s => s != site).Count() + 1e6f);
        return await far.Update(opened, hospitals.Manifest);
    }
}
