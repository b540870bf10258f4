using System.Collections.Immutable;
using DeepSeek.Federated.Coordinator.Commands;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Federations;
using DeepSeek.Federated.Lineage.Checkpoints;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Verification;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Founding;

/// <summary>The ledger file of a federation that nobody serves: opened, verified leaf by leaf, written to, closed, and taken to its database.</summary>
internal static class OfflineLedger
{
    private const int Page = 1000;

    /// <summary>Appends facts of the federation, decided in its state as it stands, and gives the head as it was before.</summary>
    /// <exception cref="OperationRefusedException">The ledger does not verify.</exception>
    public static async Task<LedgerHead> Append(
        FederationDirectory directory, StorageOptions where, TimeProvider clock,
        Func<LedgerHead, FederationState, ImmutableArray<LedgerEvent>> facts, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging().AddFederationStorage(where);
        await using var closing = new Closing(); // disposed after the storage
        await using var storage = services.BuildServiceProvider();
        var ledger = storage.GetRequiredService<Ledger>();
        try
        {
            await ledger.Start(cancellationToken);
        }
        catch (LedgerDamagedException damaged)
        {
            throw new OperationRefusedException(damaged.Message);
        }
        var reader = storage.GetRequiredService<LedgerReader>();
        var before = ledger.Head;
        if (before.Size > 0) await Verify(before, reader, directory, storage.GetRequiredService<EventCatalog>(), cancellationToken);

        var sequence = await reader.NextSequence(Streams.Federation, cancellationToken);
        var now = clock.GetUtcNow();
        var state = await reader.ReadStream(Streams.Federation, 0, cancellationToken)
            .AggregateAsync(FederationState.None, (state, leaf) => FederationLaw.Apply(state, (FederationEvent)leaf.Event, leaf.At), cancellationToken);
        await ledger.Append([.. facts(before, state).Select((fact, i) => new PendingEvent(fact, Actors.Coordinator, now, sequence + i))], CancellationToken.None);
        return before;
    }

    /// <summary>Where the federation has a database of its own, the ledger goes there whole, and the file ends. The last step of whoever makes or restores
    /// a federation: nothing of it stands in the database before.</summary>
    /// <exception cref="IOException">There is a ledger already.</exception>
    public static async Task Deliver(FederationDirectory directory, CoordinatorSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Database.Place(directory) is not LedgerPlace.OnServer server) return;
        await LedgerBackup.Restore(directory.Database, server, cancellationToken);
        LedgerFiles.Release();
        File.Delete(directory.Database);
    }

    // The last connection that closes folds SQLite's journals into the database: the folder may then be moved.
    private sealed class Closing : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            LedgerFiles.Release();
            return ValueTask.CompletedTask;
        }
    }

    private static async Task Verify(
        LedgerHead head, LedgerReader reader, FederationDirectory directory, EventCatalog catalog, CancellationToken cancellationToken)
    {
        using var key = SigningKey.Load(directory.LedgerKey);
        var verifier = new LedgerVerifier(catalog, key.Public, TimeSpan.Zero);
        while (verifier.Size < head.Size)
        {
            var leaves = await reader.ReadLeaves(verifier.Size, Page, cancellationToken);
            if (leaves.Count == 0 || leaves.Any(leaf => verifier.Add(leaf.Leaf) is null)) break;
        }
        var note = SignedCheckpoint.TryParse(head.Note.AsSpan(), out var checkpoint) ? checkpoint : throw new OperationRefusedException("The ledger's checkpoint cannot be read.");
        if (verifier.Complete(note) is LedgerVerdict.Broken(var index, var reason))
            throw new OperationRefusedException($"The ledger does not verify at leaf {index}: {reason} Use another backup.");
    }
}
