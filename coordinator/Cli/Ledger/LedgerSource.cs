using System.Runtime.CompilerServices;
using DeepSeek.Federated.Cli.Connection;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Core;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>A whole ledger, leaf by leaf, and the checkpoint that it is read under.</summary>
internal abstract class LedgerSource
{
    /// <summary>The signed note; there once all leaves were read.</summary>
    public byte[] Checkpoint { get; protected set; } = [];

    /// <summary>All leaves, in order.</summary>
    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> Leaves(CancellationToken cancellationToken);

    /// <summary>From the coordinator.</summary>
    public sealed class Remote(Session session) : LedgerSource
    {
        public override async IAsyncEnumerable<ReadOnlyMemory<byte>> Leaves([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var call = session.Operators.ReadLedger(new ReadLedgerRequest { From = 0 }, cancellationToken: cancellationToken);
            await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                foreach (var leaf in page.Leaves) yield return leaf.Memory;
                if (!page.Checkpoint.IsEmpty) Checkpoint = page.Checkpoint.ToByteArray();
            }
        }
    }

    /// <summary>From a file that `dsfed ledger save` wrote: a leaf a line, an empty line, the signed note.</summary>
    public sealed class Saved(string path) : LedgerSource
    {
        public override async IAsyncEnumerable<ReadOnlyMemory<byte>> Leaves([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(path, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
            while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line) yield return System.Text.Encoding.UTF8.GetBytes(line);
            Checkpoint = System.Text.Encoding.UTF8.GetBytes(await reader.ReadToEndAsync(cancellationToken));
        }
    }
}
