using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.SiteEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Lineage.Tests.Leaves;

/// <summary>At least one instance of every event type, with and without what may be absent.</summary>
internal static class EventSamples
{
    internal static readonly DateTimeOffset Noon = new(2026, 1, 31, 13, 0, 0, 123, TimeSpan.FromHours(1));
    internal static readonly SiteId North = new("north");
    internal static readonly SiteId South = new("south");
    internal static readonly StudyId Heart = new("heart-disease");

    internal static ImmutableArray<LedgerEvent> All =>
    [
        new FederationFounded("example.org/federation", "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Of("ca")),
        new OperatorAdmitted("alice", OperatorRole.Admin, Of("certificate"), Noon),
        new OperatorRevoked("alice", "left; \"\u00e9\" \U0001F600\n"),
        new LedgerRecovered(9007199254740993, Of("root"), Noon),
        new SiteInvited(North, Of("token"), Noon),
        new SiteEnrolled(North, Of("token"), "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Of("spki"), "MIIB", Noon),
        new CertificateRenewed(North, Of("spki"), "MIIB", Noon),
        new SiteRevoked(North, "key lost"),
        new StudySubmitted(Heart, """{"kind":"Study"}""", Of("manifest"), [North, South]),
        new StudyApproved(Heart, North, Of("manifest"), Of("policy"), "c2ln"),
        new StudyDeclined(Heart, South, Of("manifest"), RefusalReason.TooFewRows, "c2ln"),
        new RoundOpened(Heart, 1, 1, RoundKind.Training, Of("version"), Of("content"), [new CohortMember(North, "ed25519:A"), new CohortMember(South, "ed25519:B")],
            Protection.Clear, 18, 0.1, 1000, 2, Noon, Of("manifest")),
        new RoundClosed(Heart, 1, [North, South], [North], [South], []),
        new RoundFailed(Heart, 2, RoundFailure.TooFewParticipants, [North, South], [], [North, South]),
        new AggregateRevealed(Heart, 1, Of("aggregate"), [new NamedCount("rows", 9007199254740993), new NamedCount("weight", 0)]),
        new VersionPublished(Heart, 0, Of("v0"), Of("content"), null, Of("snapshot"), 4096, null, 0, Of("state")),
        new VersionPublished(Heart, 1, Of("v1"), Of("content"), Of("v0"), Of("snapshot"), 4096, Of("delta"), 1024, Of("state")),
        new StudyCompleted(Heart, Of("v1")),
        new StudyStopped(Heart, StopReason.TooManyFailedRounds),
        new SiteConsented(Heart, 1, North, Of("policy"), "c2ln"),
        new SiteDeclined(Heart, 1, South, RefusalReason.StewardRefused, "c2ln"),
        new UpdateAccepted(Heart, 1, 1, North, Of("v0"), Of("blob"), 123456789012, Of("chunks"),
            [new DisclosedFigure(Figure.Accuracy, 0.8375), new DisclosedFigure(Figure.Loss, -1.5E-300), new DisclosedFigure(Figure.TestRows, 61)], "c2ln"),
        new UpdateLate(Heart, 1, South, Of("blob")),
        new OperatorRenewed("alice", Of("newer certificate"), Noon),
        new PrivatePartErased(9007199254740993, "asked by the hospital"),
    ];

    internal static Digest Of(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
