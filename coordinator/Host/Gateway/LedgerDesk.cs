using System.Diagnostics;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The operators' part that is about the ledger and the process.</summary>
internal sealed class LedgerDesk(Ledger ledger, LedgerReader reader, CoordinatorSettings settings, FederationKeys keys, TimeProvider clock)
{
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    /// <summary>Every leaf from a position on, up to the checkpoint in the last page.</summary>
    public async Task Read(long from, IServerStreamWriter<LedgerPage> to, CancellationToken cancellationToken)
    {
        var head = ledger.Head;
        if (from < 0 || from > head.Size) throw Requests.Invalid($"The ledger has {head.Size} leaves; {from} is not a position in it.");
        while (true)
        {
            var count = (int)Math.Min(WireLimits.LeavesPerPage, head.Size - from);
            var page = new LedgerPage { First = from };
            var leaves = await reader.ReadLeaves(from, count, cancellationToken);
            page.Leaves.AddRange(leaves.Take(PageCut.Fitting(leaves.Select(l => l.Leaf))).Select(l => ByteString.CopyFrom(l.Leaf)));
            from += page.Leaves.Count;
            if (from == head.Size) page.Checkpoint = ByteString.CopyFrom(head.Note.AsSpan());
            await to.WriteAsync(page, cancellationToken);
            if (from == head.Size) return;
        }
    }

    public DescribeReply Describe()
    {
        var head = ledger.Head;
        using var process = Process.GetCurrentProcess();
        return new DescribeReply
        {
            Federation = settings.Name, Software = Software.Name, LedgerKey = keys.Ledger.ToString(), LedgerSize = head.Size, LedgerRoot = head.Root.ToString(),
            StartedUnixMs = _started.ToUnixTimeMilliseconds(), CpuSeconds = process.TotalProcessorTime.TotalSeconds, PeakRssBytes = process.PeakWorkingSet64,
        };
    }
}
