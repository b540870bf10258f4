using System.Net;
using System.Net.Sockets;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>A proxy on loopback that passes bytes on late and cuts connections after a number of bytes that a seed decides.</summary>
internal sealed class TcpDisturbance : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Random _random;
    private readonly int _target, _least, _most;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;
    private int _cuts;

    /// <param name="target">Port behind the proxy.</param>
    /// <param name="least">Fewest bytes a connection may carry before it is cut.</param>
    /// <param name="most">Most of them.</param>
    /// <param name="delay">How long every piece is held back.</param>
    /// <param name="seed">Decides where the cuts fall.</param>
    public TcpDisturbance(int target, int least, int most, TimeSpan delay, int seed)
    {
        (_target, _least, _most, _delay, _random) = (target, least, most, delay, new Random(seed));
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections cut so far.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    private async Task Accept()
    {
        var passing = new List<Task>();
        try
        {
            while (true) passing.Add(Pass(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task Pass(TcpClient from)
    {
        int budget;
        lock (_random) budget = _random.Next(_least, _most);
        using var to = new TcpClient();
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        using (from)
        {
            try
            {
                await to.ConnectAsync(IPAddress.Loopback, _target, cut.Token);
                var (a, b) = (from.GetStream(), to.GetStream());
                await Task.WhenAny(Pump(a, b), Pump(b, a));
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                // The far side is gone: that is what this proxy is for.
            }
            finally
            {
                await cut.CancelAsync();
            }
        }

        async Task Pump(NetworkStream source, NetworkStream sink)
        {
            var buffer = new byte[1400];
            try
            {
                int read;
                while ((read = await source.ReadAsync(buffer, cut.Token)) > 0)
                {
                    if (_delay > TimeSpan.Zero) await Task.Delay(_delay, cut.Token);
                    if (Interlocked.Add(ref budget, -read) < 0)
                    {
                        Interlocked.Increment(ref _cuts);
                        return;
                    }
                    await sink.WriteAsync(buffer.AsMemory(0, read), cut.Token);
                }
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                // One side ended; the other is closed by the caller.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }
}
