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

/// <summary>The ledger of a federation that nobody serves: opened, verified leaf by leaf, written to, closed.</summary>
internal static class OfflineLedger
{
    private const int Page = 1000;

    /// <summary>Appends facts of the federation, decided in its state as it stands, and gives the head as it was before.</summary>
    /// <exception cref="OperationRefusedException">The ledger does not verify.</exception>
    public static async Task<LedgerHead> Append(
        FederationDirectory directory, CoordinatorSettings settings, TimeProvider clock,
        Func<LedgerHead, FederationState, ImmutableArray<LedgerEvent>> facts, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging().AddFederationStorage(directory.Storage(settings.Name));
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
