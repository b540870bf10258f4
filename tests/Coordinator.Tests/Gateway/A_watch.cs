using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Grpc.Core;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class A_watch(RunningCoordinator coordinator) : IClassFixture<RunningCoordinator>
{
    [Fact]
    public async Task shows_a_site_the_studies_that_ask_it_and_proves_every_leaf()
    {
        var (asked, other, stranger) = (await coordinator.Enrolled("asked"), await coordinator.Enrolled("other"), await coordinator.Enrolled("stranger"));
        var ledgerKey = PublicKey.Parse((await coordinator.Admin.DescribeAsync(new DescribeRequest())).LedgerKey);
        using var stream = asked.Agents.Watch(new LeavesRequest { Version = 1 });
        var founding = await Next(stream);
        Assert.Equal("federation-founded", TypeOf(founding.Leaves[0]));
        Assert.All(founding.Leaves, leaf => Assert.Contains(StreamOf(leaf), (string[])["federation", "site/asked"]));
        var first = new DemoStudy("watched", 1, "asked", "other");
        await first.Submit(coordinator.Admin);
        var page = await Next(stream);
        var checkpoint = Verified(page, ledgerKey, Verified(founding, ledgerKey, null));
        Assert.Equal(["study-submitted", "version-published"], page.Leaves.Select(TypeOf));

        await asked.Approve(first.Manifest.Name, first.Manifest.Digest);
        var second = await Next(stream);
        Verified(second, ledgerKey, checkpoint);
        Assert.Equal("study-approved", TypeOf(Assert.Single(second.Leaves)));
        Assert.True(second.Next > page.Next);

        var elsewhere = (await stranger.Agents.PollAsync(new LeavesRequest { Version = 1 })).Leaves;
        Assert.All(elsewhere, leaf => Assert.Contains(StreamOf(leaf), (string[])["federation", "site/stranger"]));
        Assert.Equal(3, (await other.Agents.PollAsync(new LeavesRequest { Version = 1 })).Leaves.Count(leaf => StreamOf(leaf) == "study/watched"));
        Assert.Contains((await coordinator.Admin.ListSitesAsync(new ListSitesRequest())).Sites, s => s is { Site: "asked", Connected: true });
    }

    [Fact]
    public async Task ends_when_its_site_is_revoked()
    {
        var site = await coordinator.Enrolled("leaving");
        using var stream = site.Agents.Watch(new LeavesRequest { Version = 1 });
        await Next(stream);
        var next = Next(stream);
        await coordinator.Admin.RevokeAsync(new RevokeRequest { Site = "leaving", Reason = "contract ended" });
        Assert.Contains("revoked", await TurnedAway.With(StatusCode.PermissionDenied, () => next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ends_when_its_certificate_expires()
    {
        await using var own = new RunningCoordinator();
        await own.InitializeAsync();
        var site = await own.Enrolled("sleepy");
        using var stream = site.Agents.Watch(new LeavesRequest { Version = 1 });
        await Next(stream);
        var next = Next(stream);
        own.Clock.Move(TimeSpan.FromDays(31));
        await own.Invite("wakes-the-stream");
        Assert.Contains("expired", await TurnedAway.With(StatusCode.Unauthenticated, () => next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task tells_who_knows_more_leaves_than_there_are_that_a_backup_was_restored()
    {
        var site = await coordinator.Enrolled("remembers");
        var why = await TurnedAway.With(StatusCode.FailedPrecondition, async () => await site.Agents.PollAsync(new LeavesRequest { Version = 1, KnownSize = 1_000_000 }));
        Assert.Contains("restored from a backup", why, StringComparison.Ordinal);
        await TurnedAway.With(StatusCode.InvalidArgument, async () => await site.Agents.PollAsync(new LeavesRequest { Version = 1, WaitSeconds = 61 }));
        await TurnedAway.With(StatusCode.InvalidArgument, async () => await site.Agents.PollAsync(new LeavesRequest { Version = 1, After = -1 }));
    }

    [Fact]
    public async Task refuses_agents_that_speak_another_language()
    {
        var site = await coordinator.Enrolled("tower-of-babel");
        Assert.Contains("too new", await TurnedAway.With(StatusCode.FailedPrecondition, async () => await site.Agents.PollAsync(new LeavesRequest { Version = 2 })), StringComparison.Ordinal);
        Assert.Contains("too old", await TurnedAway.With(StatusCode.FailedPrecondition, async () => await site.Agents.StateAsync(new StatementRequest())), StringComparison.Ordinal);
        using var stream = site.Agents.Watch(new LeavesRequest());
        Assert.Contains("Update the agent", await TurnedAway.With(StatusCode.FailedPrecondition, () => Next(stream)), StringComparison.Ordinal);
    }

    private static async Task<LeavesPage> Next(AsyncServerStreamingCall<LeavesPage> stream)
    {
        Assert.True(await stream.ResponseStream.MoveNext());
        return stream.ResponseStream.Current;
    }

    private static Checkpoint Verified(LeavesPage page, PublicKey ledgerKey, Checkpoint? before)
    {
        Assert.True(SignedCheckpoint.TryParse(page.Checkpoint.Span, out var note));
        Assert.True(note.TryOpen(ledgerKey, out var checkpoint));
        foreach (var leaf in page.Leaves)
        {
            var proof = new InclusionProof(leaf.Index, checkpoint.Size, [.. leaf.Proof.Select(p => new Digest(p.Span))]);
            Assert.True(proof.Verify(MerkleHash.Leaf(leaf.Leaf.Span), checkpoint.Root), $"leaf {leaf.Index}");
        }
        if (before is not null)
            Assert.True(new ConsistencyProof(before.Size, checkpoint.Size, [.. page.Consistency.Select(p => new Digest(p.Span))]).Verify(before.Root, checkpoint.Root));
        return checkpoint;
    }

    private static string StreamOf(ProvenLeaf leaf) => Leaf.Decode(leaf.Leaf.Memory).Stream;

    private static string TypeOf(ProvenLeaf leaf) => Leaf.Decode(leaf.Leaf.Memory).Type;
}
