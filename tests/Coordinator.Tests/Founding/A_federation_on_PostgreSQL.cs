using DeepSeek.Federated.Coordinator.Backups;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Serving;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Storage;
using DeepSeek.Federated.Storage.Tests;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using static DeepSeek.Federated.Domain.Events.FederationEvent;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using Answer = DeepSeek.Federated.Protocol.V1.StatementReply.Types.Answer;

namespace DeepSeek.Federated.Coordinator.Tests.Founding;

public sealed class A_federation_on_PostgreSQL : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("federation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task goes_on_where_it_was_when_its_database_went_away_in_the_middle_of_a_round_and_came_back()
    {
        await using var server = await TestServer.Create();
        await using var coordinator = new RunningCoordinator { Settings = SecretFile.On(SecretFile.Write(_folder, server.ConnectionString)) };
        await coordinator.InitializeAsync();
        TestSite[] sites = [await coordinator.Enrolled("steady-one"), await coordinator.Enrolled("steady-two")];
        var study = new DemoStudy("steady", 1, "steady-one", "steady-two");
        var opened = await study.Begin(coordinator.Admin, sites);
        var updates = sites.Select((_, at) => study.Update(opened, at)).ToList();
        foreach (var (site, (bytes, _)) in sites.Zip(updates))
        {
            await site.Consent(study.Manifest.Name, 1);
            await site.Http.SendAsync(RunningCoordinator.Put(bytes, 0, bytes.Length));
        }
        Assert.Equal(Answer.Recorded, (await sites[0].Announce(opened, updates[0].Bytes, updates[0].ChunkRoot)).Answer);
        var (update, root) = updates[1];

        await server.Stop();
        Assert.Contains("goes on by itself", await TurnedAway.With(StatusCode.Unavailable, () => sites[1].Announce(opened, update, root)), StringComparison.Ordinal);
        await TurnedAway.With(StatusCode.Unavailable, () => sites[1].Announce(opened, update, root)); // by now the grain has to read, and cannot
        await TurnedAway.With(StatusCode.Unavailable, () => sites[1].Poll(0));
        await server.Start();

        // As an agent does: the same statement again, until it is answered.
        while (true)
        {
            try
            {
                Assert.Equal(Answer.Recorded, (await sites[1].Announce(opened, update, root)).Answer);
                break;
            }
            catch (RpcException away) when (away.StatusCode == StatusCode.Unavailable)
            {
                await Task.Yield();
            }
        }
        var evaluation = await DemoStudy.Opened(sites[0], 2);
        Assert.Equal(2, evaluation.Cohort.Length);
        var ledger = await coordinator.Services.GetRequiredService<LedgerReader>().ReadAll(0, CancellationToken.None).ToListAsync();
        Assert.Equal(["steady-one", "steady-two"], ledger.Select(l => l.Event).OfType<UpdateAccepted>().Select(u => u.Site.Value));
        Assert.Equal("revealed", (await coordinator.Admin.GetStudyAsync(new StudyRequest { Study = "steady" })).Rounds[0].Outcome);
    }

    [Fact]
    public async Task is_backed_up_while_it_serves_and_restored_to_another_database_or_to_a_file()
    {
        using var database = new TestDatabase();
        await using var coordinator = new RunningCoordinator { Settings = SecretFile.On(SecretFile.Write(_folder, database.ConnectionString)) };
        await coordinator.InitializeAsync();
        await coordinator.Enrolled("kept");
        var before = await coordinator.Admin.DescribeAsync(new DescribeRequest());
        Assert.False(File.Exists(coordinator.Directory.Database));
        var file = Path.Combine(_folder, "backup.tar");
        await new BackupArchive(coordinator.Directory, coordinator.Settings, TimeProvider.System).Write(file, CancellationToken.None);
        Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(database.ConnectionString)));

        var taken = await Assert.ThrowsAsync<IOException>(() => Restore("taken", null));
        Assert.Contains("holds a ledger already", taken.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "taken")));

        using var other = new TestDatabase();
        foreach (var choice in new DatabaseChoice[] { new DatabaseChoice.Sqlite(), new DatabaseChoice.Postgres(SecretFile.Write(_folder, other.ConnectionString)) })
        {
            var place = await Restore(choice.Word, choice);
            Assert.Equal(choice is DatabaseChoice.Sqlite, File.Exists(place.Database));
            await using var server = await CoordinatorServer.Start(place, CoordinatorSettings.Read(place.Settings), TimeProvider.System, CancellationToken.None);
            var ledger = await server.Services.GetRequiredService<LedgerReader>().ReadAll(0, CancellationToken.None).ToListAsync();
            var recovered = Assert.IsType<LedgerRecovered>(ledger[(int)before.LedgerSize].Event);
            Assert.Equal((before.LedgerSize, before.LedgerRoot), (recovered.RestoredSize, recovered.RestoredRoot.ToString()));
        }

        async Task<FederationDirectory> Restore(string name, DatabaseChoice? choice)
        {
            var place = new FederationDirectory(Path.Combine(_folder, name));
            await Restoration.Run(file, place, choice, TimeProvider.System, CancellationToken.None);
            return place;
        }
    }

    [Fact]
    public async Task is_served_by_one_coordinator_whatever_folder_the_other_has()
    {
        using var database = new TestDatabase();
        await using var coordinator = new RunningCoordinator { Settings = SecretFile.On(SecretFile.Write(_folder, database.ConnectionString)) };
        await coordinator.InitializeAsync();
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => CoordinatorServer.Start(
            coordinator.Directory, coordinator.Settings, TimeProvider.System, CancellationToken.None)); // the folder's own lock is the command's
        Assert.Contains("Another coordinator", refused.Message, StringComparison.Ordinal);
    }
}
