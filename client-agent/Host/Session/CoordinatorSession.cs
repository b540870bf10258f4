using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Stays connected: follows the ledger by the watch stream, or by long polling where streams are cut, and comes back after every break.</summary>
/// <remarks>Level-triggered: every connection asks from the bookmark on, so a break loses nothing and a repetition changes nothing.</remarks>
public sealed class CoordinatorSession(
    LedgerBook book, PageVerifier verifier, IWireSource wires, TimeProvider clock, ILogger log, Action<long> connected, Action<string> disconnected)
{
    private const int PollSeconds = 25, MostRefusals = 5, EarlyCutsBeforePolling = 3;
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(10), PollingTime = TimeSpan.FromMinutes(10), Pace = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(clock);
    private bool _isConnected;
    private int _earlyCuts, _refusals;
    private DateTimeOffset _pollUntil;

    /// <summary>Runs until it is cancelled, or until a person is needed.</summary>
    /// <exception cref="LedgerDivergedException">The coordinator's history cannot be trusted.</exception>
    /// <exception cref="SiteFaultException">The coordinator refuses this site for good.</exception>
    public async Task Follow(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wire = wires.Current;
            try
            {
                await CatchUp(wire, cancellationToken);
                if (clock.GetUtcNow() < _pollUntil) await Poll(wire, cancellationToken);
                else await Watch(wire, cancellationToken);
                Broken("The coordinator ended the stream.");
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Trouble.Of(failure, wire) is { } trouble)
            {
                if (trouble is Trouble.Refused refused) await Refused(wire, refused, cancellationToken);
                else Broken(trouble.Sentence);
            }
            await _backoff.Wait(cancellationToken);
        }
    }

    private async Task CatchUp(Wire wire, CancellationToken cancellationToken)
    {
        bool more;
        do
        {
            var page = await wire.Agents.PollAsync(Request(0), cancellationToken: cancellationToken);
            var before = book.Bookmark.Next;
            await Take(page, cancellationToken);
            more = book.Bookmark.Next < book.Bookmark.Size && book.Bookmark.Next > before;
        } while (more);
        _refusals = 0;
        _backoff.Succeeded();
        if (_isConnected) return;
        _isConnected = true;
        connected(book.Bookmark.Size);
    }

    private async Task Watch(Wire wire, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        try
        {
            using var call = wire.Agents.Watch(Request(0), cancellationToken: cancellationToken);
            await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                await Take(page, cancellationToken);
                if (clock.GetElapsedTime(began) > Early) _earlyCuts = 0;
            }
        }
        finally
        {
            if (clock.GetElapsedTime(began) < Early && ++_earlyCuts == EarlyCutsBeforePolling)
            {
                (_earlyCuts, _pollUntil) = (0, clock.GetUtcNow() + PollingTime);
                log.PollsInstead();
            }
        }
    }

    private async Task Poll(Wire wire, CancellationToken cancellationToken)
    {
        while (clock.GetUtcNow() < _pollUntil && wire == wires.Current)
        {
            var (asked, before) = (clock.GetTimestamp(), book.Bookmark);
            await Take(await wire.Agents.PollAsync(Request(PollSeconds), cancellationToken: cancellationToken), cancellationToken);
            // A coordinator that answers at once with nothing would otherwise be asked as fast as the line allows.
            if (book.Bookmark.Next == before.Next && clock.GetElapsedTime(asked) < Pace) await Task.Delay(Pace, clock, cancellationToken);
        }
    }

    private LeavesRequest Request(int waitSeconds) => new()
    {
        Version = ProtocolVersion.Current,
        After = book.Bookmark.Next,
        KnownSize = book.Bookmark.Size,
        WaitSeconds = waitSeconds,
    };

    private async Task Take(LeavesPage page, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(clock);
        while (true)
        {
            try
            {
                book.Accept(page, verifier);
                return;
            }
            catch (IOException full)
            {
                log.DiskRefused(full.Message);
                await backoff.Wait(cancellationToken);
            }
        }
    }

    private void Broken(string cause)
    {
        if (_isConnected) disconnected(cause);
        _isConnected = false;
        log.Disconnected(cause);
    }

    // Right after a coordinator's start its list of members may lag behind; a site that is really put out hears the same again and again.
    private async Task Refused(Wire wire, Trouble.Refused refused, CancellationToken cancellationToken)
    {
        Broken(refused.Sentence);
        if (refused.Status == StatusCode.FailedPrecondition) await LookForSetback(wire, cancellationToken);
        if (++_refusals >= MostRefusals)
            throw new SiteFaultException($"The coordinator refuses this site ({refused.Status}): {refused.Sentence} Ask the federation's operators; a site that was put out needs a new token.");
    }

    // A coordinator that was put back can prove nothing to who knows more than it: its own signed head says so.
    private async Task LookForSetback(Wire wire, CancellationToken cancellationToken)
    {
        try
        {
            var page = await wire.Agents.PollAsync(new LeavesRequest { Version = ProtocolVersion.Current }, cancellationToken: cancellationToken);
            if (verifier.Verify(book.Bookmark, book.Streams, page, enrolled: false) is PageVerdict.Diverges { WentBack: true } diverges) throw new LedgerDivergedException(diverges.Sentence);
        }
        catch (RpcException)
        {
            // No answer to this either: the refusal stands as it is.
        }
    }
}
