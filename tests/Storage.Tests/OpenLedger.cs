using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Signing.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeepSeek.Federated.Storage.Tests;

/// <summary>A started ledger, with its reader. Its seed is fixed: two of them in one place have one key.</summary>
internal sealed class OpenLedger : IAsyncDisposable
{
    private readonly SigningKey _key;

    private OpenLedger(LedgerPlace place, SigningKey key, CrashPoint crash)
    {
        _key = key;
        Databases = new Databases(place);
        Signer = new LedgerSigner("federation-of-tests", key);
        Ledger = new Ledger(Databases, Signer, new EventCatalog(), crash, NullLogger<Ledger>.Instance);
        Reader = new LedgerReader(Databases, new EventCatalog());
    }

    public Databases Databases { get; }
    public LedgerSigner Signer { get; }
    public Ledger Ledger { get; }
    public LedgerReader Reader { get; }

    public static OpenLedger Closed(LedgerPlace place, byte seed = 7, CrashPoint? crash = null) =>
        new(place, SigningKey.FromSeed(Enumerable.Repeat(seed, SigningKey.SeedLength).ToArray()), crash ?? new CrashPoint(null, () => { }));

    public static async Task<OpenLedger> On(LedgerPlace place, CrashPoint? crash = null)
    {
        var open = Closed(place, crash: crash);
        await open.Ledger.Start(CancellationToken.None);
        return open;
    }

    public Task<ImmutableArray<RecordedEvent>> Append(params PendingEvent[] events) => Ledger.Append([.. events], CancellationToken.None);

    public async Task<List<RecordedEvent>> All() => await Reader.ReadAll(0, CancellationToken.None).ToListAsync();

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        Signer.Dispose();
        _key.Dispose();
    }
}
