using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>A CONNECT proxy on loopback. The one address it opens a way to is nobody's own: without the proxy there is none.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private int _opened, _refused;

    public ConnectProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = Accept();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Where the coordinator seems to be for those behind the proxy.</summary>
    public int Port { get; } = Federation.FreePort();

    /// <summary>Whether it says no to everybody.</summary>
    public bool Refuses { get; set; }

    public int Opened => Volatile.Read(ref _opened);

    public int Refused => Volatile.Read(ref _refused);

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

    private async Task Pass(TcpClient caller)
    {
        using var one = caller;
        using var other = new TcpClient();
        try
        {
            var from = one.GetStream();
            var asked = await Head(from);
            if (Refuses || !asked.StartsWith($"CONNECT 127.0.0.1:{Port} ", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _refused);
                await from.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
                return;
            }
            await other.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            Interlocked.Increment(ref _opened);
            await from.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _end.Token);
            await Task.WhenAny(from.CopyToAsync(other.GetStream(), _end.Token), other.GetStream().CopyToAsync(from, _end.Token));
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
        {
            // One side ended; both are closed.
        }
    }

    private async Task<string> Head(NetworkStream from)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await from.ReadAsync(next, _end.Token) == 1) head.Append((char)next[0]);
        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }
}
