using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Storage.Registry;
using Microsoft.EntityFrameworkCore;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Storage.Tests;

public abstract class The_projections(Provider provider) : IAsyncLifetime
{
    public sealed class On_SQLite() : The_projections(Provider.Sqlite);

    public sealed class On_PostgreSQL() : The_projections(Provider.Postgres);

    private static readonly string Der = Convert.ToBase64String([1, 2, 3]);
    private readonly LedgerBench _bench = new(provider);
    private OpenLedger _open = null!;

    public async ValueTask InitializeAsync() => _open = await _bench.Open();

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task follow_a_study_from_its_submission_to_its_end(bool inOneBatch)
    {
        LedgerEvent[] study =
        [
            Facts.Submitted(Facts.Heart), Facts.Published(Facts.Heart, 0), Facts.Opened(Facts.Heart, 1),
            new RoundClosed(Facts.Heart, 1, [Facts.North], [Facts.North], [], []), new AggregateRevealed(Facts.Heart, 1, Facts.Named("sum"), []),
            Facts.Published(Facts.Heart, 1), Facts.Opened(Facts.Heart, 2),
            new RoundFailed(Facts.Heart, 2, RoundFailure.TooFewParticipants, [Facts.North], [Facts.North], []), new StudyCompleted(Facts.Heart, Facts.Named("v1")),
        ];
        LedgerEvent[] round =
        [
            new SiteConsented(Facts.Heart, 1, Facts.North, Facts.Named("p"), "s"),
            new UpdateAccepted(Facts.Heart, 1, 1, Facts.North, Facts.Named("v0"), Facts.Named("b"), 10, Facts.Named("r"), [], "s"),
            new UpdateLate(Facts.Heart, 1, new SiteId("south"), Facts.Named("l")),
            new SiteDeclined(Facts.Heart, 1, new SiteId("west"), RefusalReason.StewardRefused, "s"),
        ];
        PendingEvent[] all =
        [
            .. study[..3].Select((e, i) => e.Pending(i)), .. round.Select((e, i) => e.Pending(i)), .. study[3..].Select((e, i) => e.Pending(i + 3)),
        ];
        if (inOneBatch) await _open.Append(all);
        else foreach (var pending in all) await _open.Append(pending);

        await using var database = _open.Databases.CreateDbContext();
        var row = await database.Studies.SingleAsync();
        Assert.Equal((StudyPhase.Completed, 2, Facts.Named("v1")), (row.Phase, row.Round, row.Version));
        var rounds = await database.Rounds.OrderBy(r => r.Number).ToListAsync();
        Assert.Equal((RoundPhase.Revealed, 1, 1, 1, 1, 1, 1), (rounds[0].Phase, rounds[0].Invited, rounds[0].Consented, rounds[0].Declined, rounds[0].Updates, rounds[0].Late, rounds[0].Used));
        Assert.Equal((RoundPhase.Failed, RoundFailure.TooFewParticipants), (rounds[1].Phase, rounds[1].Failure));
        Assert.Equal([Facts.Named("v0"), Facts.Named("v1")], (await database.Versions.OrderBy(v => v.Round).ToListAsync()).Select(v => v.Version));
    }

    [Fact]
    public async Task let_two_studies_begin_from_the_same_version()
    {
        var other = new StudyId("lung");
        await _open.Append(Facts.Submitted(Facts.Heart).Pending(0), Facts.Published(Facts.Heart, 0).Pending(1));
        await _open.Append(Facts.Submitted(other).Pending(0), Facts.Published(other, 0).Pending(1));
        await using var database = _open.Databases.CreateDbContext();
        Assert.Equal(2, await database.Versions.CountAsync());
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task know_a_sites_certificates_and_their_revocation(bool inOneBatch)
    {
        PendingEvent[] life =
        [
            Facts.Invited("north", 0),
            new SiteEvent.SiteEnrolled(Facts.North, Facts.Named("t"), "ed25519:N", Facts.Named("k"), Der, Facts.Noon.AddDays(1)).Pending(1),
            new SiteEvent.CertificateRenewed(Facts.North, Facts.Named("k"), Convert.ToBase64String([4]), Facts.Noon.AddDays(2)).Pending(2),
            new SiteEvent.SiteRevoked(Facts.North, "lost laptop").Pending(3),
        ];
        if (inOneBatch) await _open.Append(life);
        else foreach (var pending in life) await _open.Append(pending);
        await using var database = _open.Databases.CreateDbContext();
        Assert.Equal("lost laptop", (await database.Sites.SingleAsync()).RevokedBecause);
        var certificates = await database.Certificates.ToListAsync();
        Assert.Equal(2, certificates.Count);
        Assert.All(certificates, c => Assert.Equal(("site:north", Facts.Noon), (c.Actor, c.RevokedAt)));
        Assert.Contains(certificates, c => c.Certificate == Domain.Encoding.Digest.Of([1, 2, 3]));
    }

    [Fact]
    public async Task honour_an_operator_that_is_admitted_again_with_the_same_certificate()
    {
        var admitted = new FederationEvent.OperatorAdmitted("ada", OperatorRole.Admin, Facts.Named("cert"), Facts.Noon.AddDays(1));
        await _open.Append(admitted.Pending(0), new FederationEvent.OperatorRevoked("ada", "left").Pending(1), admitted.Pending(2));
        await using var database = _open.Databases.CreateDbContext();
        Assert.Null((await database.Certificates.SingleAsync()).RevokedAt);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task honour_an_operators_renewed_certificate_beside_the_former_one_until_a_revocation(bool inOneBatch)
    {
        PendingEvent[] all =
        [
            new FederationEvent.OperatorAdmitted("ada", OperatorRole.Auditor, Facts.Named("first"), Facts.Noon.AddDays(1)).Pending(0),
            new FederationEvent.OperatorRenewed("ada", Facts.Named("second"), Facts.Noon.AddDays(2)).Pending(1),
        ];
        if (inOneBatch) await _open.Append(all);
        else foreach (var pending in all) await _open.Append(pending);
        await using (var database = _open.Databases.CreateDbContext())
            Assert.All(await database.Certificates.ToListAsync(), c => Assert.Equal(("Auditor", null), (c.Role, c.RevokedAt)));
        await _open.Append(new FederationEvent.OperatorRevoked("ada", "left").Pending(2));
        await using var after = _open.Databases.CreateDbContext();
        Assert.Equal(2, await after.Certificates.CountAsync(c => c.RevokedAt != null));
    }

    [Fact]
    public async Task keep_a_time_to_its_last_tick_and_a_sentence_whatever_stands_in_it()
    {
        var until = Facts.Noon.AddTicks(1).ToOffset(TimeSpan.FromHours(-7));
        await _open.Append(
            Facts.Invited("north", 0),
            new SiteEvent.SiteEnrolled(Facts.North, Facts.Named("t"), "ed25519:N", Facts.Named("k"), Der, until).Pending(1),
            new SiteEvent.SiteRevoked(Facts.North, "a\0b ’\U0001F52C").Pending(2));
        await using var database = _open.Databases.CreateDbContext();
        var stored = (await database.Certificates.SingleAsync()).NotAfter;
        Assert.Equal((until.UtcTicks, TimeSpan.Zero), (stored.Ticks, stored.Offset));
        Assert.EndsWith("b ’\U0001F52C", (await database.Sites.SingleAsync()).RevokedBecause, StringComparison.Ordinal);
        Assert.Equal("a\0b ’\U0001F52C", Assert.IsType<SiteEvent.SiteRevoked>((await _open.All())[^1].Event).Reason);
    }

    [Fact]
    public async Task refuse_a_fact_that_no_row_can_follow_and_keep_nothing_of_it()
    {
        var orphan = new SiteConsented(Facts.Heart, 1, Facts.North, Facts.Named("p"), "s").Pending(0);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _open.Append(orphan));
        Assert.Equal(0, _open.Ledger.Head.Size);
        await _open.Append(Facts.Invited("north", 0));
    }

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        _bench.Dispose();
    }
}
