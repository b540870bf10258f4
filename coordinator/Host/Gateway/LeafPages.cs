using System.Collections.Immutable;
using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Pages of what one site may see: the leaves of the federation, of the site itself, of the studies that ask it and of their rounds, each proved against the page's checkpoint.</summary>
internal sealed class LeafPages(Ledger ledger, LedgerReader reader, StudyBoard board, TimeProvider clock)
{
    /// <summary>A page and the size of its checkpoint.</summary>
    public sealed record Page(LeavesPage Message, long Size);

    /// <param name="site">Who asks.</param>
    /// <param name="after">First leaf wanted.</param>
    /// <param name="known">Size of the checkpoint that the caller verified last; the page extends it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<Page> Read(SiteId site, long after, long known, CancellationToken cancellationToken)
    {
        var head = ledger.Head;
        // The board says which studies ask the site: no leaf is passed over before it knows.
        await board.WaitBeyond(head.Size - 1, cancellationToken);
        if (after < 0 || known < 0) throw Requests.Invalid("after and known_size are not negative.");
        if (known > head.Size || after > head.Size)
            throw new RpcException(new Status(StatusCode.FailedPrecondition,
                $"The ledger has {head.Size} leaves, but you know {Math.Max(known, after)}: the coordinator was restored from a backup. Ask its operator which leaves were lost, then accept the recovery."));

        string[] streams = [Streams.Federation, Streams.Site(site), .. board.Now.Studies.Where(s => s.Value.Asks(site)).SelectMany(s => StreamsOf(s.Key, s.Value))];
        var found = await reader.ReadLeavesOf(streams, after, head.Size, WireLimits.LeavesPerPage, cancellationToken);
        var shown = PageCut.Fitting(found.Select(l => l.Leaf));
        var page = new LeavesPage
        {
            Checkpoint = ByteString.CopyFrom(head.Note.AsSpan()),
            Next = shown < found.Count || found.Count == WireLimits.LeavesPerPage ? found[shown - 1].Index + 1 : head.Size,
        };
        if (known > 0 && known < head.Size) page.Consistency.AddRange(Bytes(await reader.ConsistencyProof(known, head.Size, cancellationToken)));
        foreach (var (index, leaf) in found.Take(shown))
        {
            var proven = new ProvenLeaf { Index = index, Leaf = ByteString.CopyFrom(leaf) };
            proven.Proof.AddRange(Bytes(await reader.InclusionProof(index, head.Size, cancellationToken)));
            page.Leaves.Add(proven);
        }
        return new Page(page, head.Size);
    }

    // A site folds the law of studies over what it is shown: that needs the answers and updates of every round.
    private static IEnumerable<string> StreamsOf(StudyId study, StudyEntry entry) =>
        Enumerable.Range(1, entry.State.Round?.Opened.Round ?? 0).Select(n => Streams.Round(new RoundId(study, n))).Prepend(Streams.Study(study));

    /// <summary>Ends when the ledger has grown or the time is over, whichever is first.</summary>
    public async Task WaitBeyond(long size, TimeSpan most, CancellationToken cancellationToken)
    {
        if (most <= TimeSpan.Zero) return;
        using var over = new CancellationTokenSource(most, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await ledger.WaitBeyond(size, either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Nothing happened: the caller sends a heartbeat, or finds that its certificate has expired.
        }
    }

    private static IEnumerable<ByteString> Bytes(ImmutableArray<Digest> proof) => proof.Select(hash => ByteString.CopyFrom(hash.ToArray()));
}
