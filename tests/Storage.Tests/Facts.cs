using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Storage.Tests;

internal static class Facts
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    public static readonly StudyId Heart = new("heart");
    public static readonly SiteId North = new("north");

    public static Digest Named(string what) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(what));

    public static PendingEvent Pending(this LedgerEvent happened, long sequence, string? privatePart = null) =>
        new(happened, Actors.Coordinator, Noon, sequence, privatePart is null ? null : System.Text.Encoding.UTF8.GetBytes(privatePart));

    public static PendingEvent Invited(string site, long sequence) => new SiteEvent.SiteInvited(new SiteId(site), Named(site + sequence), Noon).Pending(sequence);

    public static PendingEvent Long(long sequence) => new FederationEvent.OperatorRevoked("nobody", new string('x', 200_000)).Pending(sequence);

    public static StudyEvent.StudySubmitted Submitted(StudyId study) => new(study, "{}", Named("manifest"), [North]);

    public static StudyEvent.RoundOpened Opened(StudyId study, int round) => new(
        study, round, 1, RoundKind.Training, Named("v0"), Named("c0"), [new CohortMember(North, "ed25519:N")], Protection.Clear, 16, 8, 100, 1,
        Noon.AddMinutes(5), Named("manifest"));

    public static StudyEvent.VersionPublished Published(StudyId study, int round) => new(
        study, round, Named("v" + round), Named("c" + round), round == 0 ? null : Named("v" + (round - 1)), Named("s" + round), 100, null, 0, Named("m"));
}
