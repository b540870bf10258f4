using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Sites;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Members;
using DeepSeek.Federated.Grains.Operators;
using DeepSeek.Federated.Grains.Sites;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage;
using DeepSeek.Federated.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace DeepSeek.Federated.Grains.Tests;

/// <summary>A silo over a real ledger and blob store in a temporary folder, under a clock that only the test moves.</summary>
internal sealed class Federation : IAsyncDisposable
{
    internal static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);   // a hang is a failure, not a wait

    private readonly string _folder = Directory.CreateTempSubdirectory("federated-grains-").FullName;
    private InProcessTestCluster _cluster = null!;

    internal FakeTimeProvider Clock { get; private set; } = new(Noon);

    internal IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    internal Ledger Ledger => Services.GetRequiredService<Ledger>();

    internal LedgerReader Reader => Services.GetRequiredService<LedgerReader>();

    internal FailingBlobStore Disk { get; private set; } = null!;

    internal IBlobStore Blobs => Services.GetRequiredService<IBlobStore>();

    internal static async Task<Federation> Start()
    {
        var federation = new Federation();
        using (var key = SigningKey.Create()) key.Save(Path.Combine(federation._folder, "ledger.key"));
        await federation.Begin();
        return federation;
    }

    /// <summary>Ends the silo and begins another one over the same folder, perhaps under a clock that shows another time.</summary>
    internal async Task Restart(DateTimeOffset? now = null)
    {
        await _cluster.DisposeAsync();
        if (now is { } other) Clock = new FakeTimeProvider(other);
        await Begin();
    }

    internal IStudyGrain Study(StudyId study) => _cluster.Client.GetGrain<IStudyGrain>(study.Value);

    internal ISiteGrain Site(SiteId site) => _cluster.Client.GetGrain<ISiteGrain>(site.Value);

    internal IFederationGrain Operators => _cluster.Client.GetGrain<IFederationGrain>(0);

    internal Task Deactivate(IAddressable grain) => _cluster.DeactivateAsync(grain);

    internal async Task<StudyState> Replay(StudyId study)
    {
        var leaves = await Reader.ReadStream(Streams.Study(study), 0, CancellationToken.None).ToListAsync();
        leaves.AddRange(await Reader.ReadStreamsWithPrefix($"round/{study}/", CancellationToken.None).ToListAsync());
        return leaves.OrderBy(l => l.Index).Aggregate(StudyState.Unknown, (state, leaf) => Domain.Studies.Study.Apply(state, leaf.Event, leaf.At));
    }

    /// <summary>Waits, by the ledger and not by time, until the study as the ledger tells it is as wanted.</summary>
    internal async Task<StudyState> Until(StudyId study, Func<StudyState, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var size = Ledger.Head.Size;
            var state = await Replay(study);
            if (wanted(state)) return state;
            await Ledger.WaitBeyond(size, patience.Token);
        }
    }

    /// <summary>Waits until the allow-list has that many members: it follows the ledger, a moment behind.</summary>
    internal async Task UntilMembers(int count)
    {
        var membership = Services.GetRequiredService<Membership>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (membership.Members.Count == count) reached.TrySetResult();
        }
        membership.Changed += Look;
        Look();
        await reached.Task.WaitAsync(Patience);
        membership.Changed -= Look;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Begin()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            host.Services.AddFederationStorage(new StorageOptions
            {
                Database = new LedgerPlace.InFile(Path.Combine(_folder, "ledger.db")), BlobDirectory = Path.Combine(_folder, "blobs"),
                LedgerKeyPath = Path.Combine(_folder, "ledger.key"), Federation = "test",
            });
            host.Services.AddSingleton<IBlobStore>(Disk = new FailingBlobStore(new DirectoryBlobStore(Path.Combine(_folder, "blobs"))));
            host.Services.AddHostedService<LedgerStart>();
            host.Services.AddFederationGrains();
        });
        builder.ConfigureSilo((_, silo) => silo.UseFederationGrains());
        builder.ConfigureClient(client => client.Services.AddGrainMessages());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}
