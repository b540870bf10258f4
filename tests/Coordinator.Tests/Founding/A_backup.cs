using Microsoft.Extensions.DependencyInjection;
using DeepSeek.Federated.Coordinator.Backups;
using DeepSeek.Federated.Coordinator.Commands;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Protocol.V1;
using static DeepSeek.Federated.Domain.Events.FederationEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Founding;

public sealed class A_backup : IAsyncLifetime
{
    private readonly RunningCoordinator _coordinator = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("backup-").FullName;

    public ValueTask InitializeAsync() => _coordinator.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task taken_while_serving_brings_the_federation_back_and_the_ledger_says_so()
    {
        await _coordinator.Enrolled("kept-one");
        await _coordinator.Enrolled("kept-two");
        var study = new DemoStudy("kept", 1, "kept-one", "kept-two");
        await study.Submit(_coordinator.Admin);
        var before = await _coordinator.Admin.DescribeAsync(new DescribeRequest());
        var file = await Take();
        await _coordinator.Enrolled("lost");

        var place = new FederationDirectory(Path.Combine(_folder, "restored"));
        var restored = await Restoration.Run(file, place, null, TimeProvider.System, CancellationToken.None);
        Assert.Equal((before.LedgerSize, before.LedgerRoot), (restored.Size, restored.Root.ToString()));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file) & File.GetUnixFileMode(place.AuthorityKey));

        await using var server = await Serving.CoordinatorServer.Start(place, CoordinatorSettings.Read(place.Settings), TimeProvider.System, CancellationToken.None);
        var board = server.Services.GetRequiredService<Studies.StudyBoard>();
        Assert.True(board.Now.Studies.ContainsKey(study.Manifest.Name));
        var ledger = server.Services.GetRequiredService<Storage.LedgerReader>();
        var recovered = (await ledger.ReadAll(before.LedgerSize, CancellationToken.None).ToListAsync())[0].Event;
        Assert.Equal((before.LedgerSize, before.LedgerRoot), (Assert.IsType<LedgerRecovered>(recovered).RestoredSize, ((LedgerRecovered)recovered).RestoredRoot.ToString()));
    }

    [Fact]
    public async Task overwrites_nothing_and_is_not_restored_over_anything()
    {
        var file = await Take();
        await Assert.ThrowsAsync<IOException>(Take);
        var why = await Assert.ThrowsAsync<OperationRefusedException>(() => Restoration.Run(file, _coordinator.Directory, null, TimeProvider.System, CancellationToken.None));
        Assert.Contains("not empty", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task that_was_cut_or_changed_is_refused_and_leaves_nothing_behind()
    {
        await _coordinator.Enrolled("witness");
        var bytes = await File.ReadAllBytesAsync(await Take());
        foreach (var (name, damaged) in Damages(bytes))
        {
            var file = Path.Combine(_folder, name);
            await File.WriteAllBytesAsync(file, damaged);
            var place = new FederationDirectory(Path.Combine(_folder, name + ".restored"));
            await Assert.ThrowsAsync<OperationRefusedException>(() => Restoration.Run(file, place, null, TimeProvider.System, CancellationToken.None));
            Assert.False(Directory.Exists(place.Path));
            Assert.DoesNotContain(Directory.EnumerateDirectories(_folder), d => d.Contains("restoring", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<(string, byte[])> Damages(byte[] whole)
    {
        yield return ("half", whole[..(whole.Length / 2 / 512 * 512)]);
        yield return ("nothing", []);
        yield return ("noise", new byte[5000]);
        var leaf = whole.AsSpan().IndexOf("\"actor\":\"site:witness\""u8);
        var changed = whole.ToArray();
        changed[leaf + 15] ^= 1; // site:witness becomes another site in one leaf of the database
        yield return ("leaf", changed);
    }

    private async Task<string> Take()
    {
        var file = Path.Combine(_folder, "backup.tar");
        await new BackupArchive(_coordinator.Directory, _coordinator.Settings, TimeProvider.System).Write(file, CancellationToken.None);
        return file;
    }
}
