using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DeepSeek.Federated.Coordinator.Commands;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Policies;
using DeepSeek.Federated.Lineage.Verification;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class An_operator : IAsyncLifetime
{
    private readonly RunningCoordinator _coordinator = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("operator-").FullName;

    public ValueTask InitializeAsync() => _coordinator.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task whose_certificate_expired_is_admitted_anew_and_the_ledger_still_verifies()
    {
        _coordinator.Clock.Move(TimeSpan.FromDays(100));
        var grace = Client(await _coordinator.Admitted("grace", "admin"));
        _coordinator.Clock.Move(TimeSpan.FromDays(270));
        Assert.Contains("coordinator operator admit", await TurnedAway.With(StatusCode.Unauthenticated, () => Use(_coordinator.Admin)), StringComparison.Ordinal);

        await Use(Client(await _coordinator.Admitted("admin", "admin", by: grace)));
        Assert.Empty((await Replayed()).Faults);
    }

    [Fact]
    public async Task renews_the_own_certificate_and_the_former_one_ends_when_it_expires()
    {
        var auditor = Client(await _coordinator.Admitted("auditor", "auditor"));
        _coordinator.Clock.Move(TimeSpan.FromDays(300));
        await Renewed(auditor);
        var former = _coordinator.Admin;
        var certificate = await Renewed(former);
        await Use(former);
        await Use(Client(certificate));

        _coordinator.Clock.Move(TimeSpan.FromDays(66));
        await TurnedAway.With(StatusCode.Unauthenticated, () => Use(former));
        await Use(Client(certificate));
        Assert.Empty((await Replayed()).Faults);
        await _coordinator.Stop();
        await _coordinator.Serve();
        await Use(Client(certificate));
    }

    [Fact]
    public async Task who_was_the_last_admin_and_expired_is_admitted_at_the_coordinators_own_machine()
    {
        _coordinator.Clock.Move(TimeSpan.FromDays(366));
        await _coordinator.Stop();
        var profile = Path.Combine(_folder, "profile");
        await OfflineAdmission.Run(_coordinator.Directory, _coordinator.Settings, "admin", OperatorRole.Admin, profile, _coordinator.Clock, CancellationToken.None);
        var twice = await Assert.ThrowsAsync<OperationRefusedException>(() =>
            OfflineAdmission.Run(_coordinator.Directory, _coordinator.Settings, "admin", OperatorRole.Admin, Path.Combine(_folder, "other"), _coordinator.Clock, CancellationToken.None));
        Assert.Contains("admitted already", twice.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "other")));

        await _coordinator.Serve();
        await Use(Client(X509Certificate2.CreateFromPemFile(Path.Combine(profile, "cert.pem"), Path.Combine(profile, "key.pem"))));
        Assert.True(File.Exists(Path.Combine(profile, "profile.json")) && File.Exists(Path.Combine(profile, "ca.pem")));
        Assert.Empty((await Replayed()).Faults);
    }

    [Fact]
    public async Task erases_a_private_part_and_the_ledger_says_who_and_why()
    {
        var (one, _) = (await _coordinator.Enrolled("one"), await _coordinator.Enrolled("two"));
        var study = new DemoStudy("erased", 1, "one", "two");
        await study.Submit(_coordinator.Admin);
        var statement = one.Statement(signature => new StudyDeclined(study.Manifest.Name, one.Id, study.Manifest.Digest, RefusalReason.StewardRefused, signature));
        statement.PrivatePart = ByteString.CopyFromUtf8("""{"sentence":"the scanner is being replaced"}""");
        await one.Agents.StateAsync(statement);
        var declined = (await Ledger()).Single(e => e.Event is StudyDeclined).Index;
        var parts = _coordinator.Services.GetRequiredService<PrivateParts>();
        Assert.Contains("scanner", Encoding.UTF8.GetString((await parts.Find(declined, CancellationToken.None))!.Content.Span), StringComparison.Ordinal);

        var request = new ErasePrivatePartRequest { Leaf = declined, Reason = "asked by the hospital" };
        Assert.False((await _coordinator.Admin.ErasePrivatePartAsync(request)).AlreadyErased);
        Assert.Null(await parts.Find(declined, CancellationToken.None));
        Assert.True((await _coordinator.Admin.ErasePrivatePartAsync(request)).AlreadyErased);
        var recorded = Assert.Single(await Ledger(), e => e.Event is FederationEvent.PrivatePartErased);
        Assert.Equal((new FederationEvent.PrivatePartErased(declined, "asked by the hospital"), "operator:admin"), (recorded.Event, recorded.Actor));
        Assert.Empty((await Replayed()).Faults);

        Assert.Contains("no private part", await TurnedAway.With(StatusCode.FailedPrecondition, () => Erase(0)), StringComparison.Ordinal);
        Assert.Contains("no leaf", await TurnedAway.With(StatusCode.NotFound, () => Erase(1_000_000)), StringComparison.Ordinal);
    }

    private async Task Erase(long leaf) => await _coordinator.Admin.ErasePrivatePartAsync(new ErasePrivatePartRequest { Leaf = leaf, Reason = "a mistake" });

    private Operators.OperatorsClient Client(X509Certificate2 certificate) => new(_coordinator.Channel(certificate));

    private static async Task Use(Operators.OperatorsClient client) => await client.DescribeAsync(new DescribeRequest());

    private static async Task<X509Certificate2> Renewed(Operators.OperatorsClient client)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var reply = await client.RenewOperatorAsync(new RenewOperatorRequest { CertificateRequest = TestSite.RequestOf(key) });
        using var bare = X509CertificateLoader.LoadCertificate(reply.Certificate.Span);
        return bare.CopyWithPrivateKey(key);
    }

    private async Task<List<RecordedEvent>> Ledger() => await _coordinator.Services.GetRequiredService<LedgerReader>().ReadAll(0, CancellationToken.None).ToListAsync();

    private async Task<LawReplay> Replayed()
    {
        var replay = new LawReplay();
        foreach (var leaf in await Ledger()) replay.Take(leaf);
        return replay;
    }
}
