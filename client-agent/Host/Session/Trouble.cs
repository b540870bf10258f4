using System.Net.Sockets;
using System.Security.Authentication;
using DeepSeek.Federated.Agent.Egress;
using Grpc.Core;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>What a failed call means: whether trying again can help, and what to tell a person.</summary>
public abstract record Trouble(string Sentence)
{
    /// <summary>The way is blocked for now: try again, with patience.</summary>
    public sealed record Passing(string Sentence) : Trouble(Sentence);

    /// <summary>The coordinator understood and said no: the same words would get the same answer.</summary>
    public sealed record Refused(string Sentence, StatusCode Status) : Trouble(Sentence);

    /// <summary>This site's own gate said no.</summary>
    public sealed record HeldBack(string Sentence) : Trouble(Sentence);

    /// <summary>Reads an exception; null when it is none of a call's.</summary>
    public static Trouble? Of(Exception failure, Wire? wire) => failure switch
    {
        _ when EgressRefusedException.In(failure) is { } held                => new HeldBack(held.Message),
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.Aborted
            or StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted } rpc => new Passing(Cause(rpc, wire)),
        RpcException rpc                                                     => new Refused(rpc.Status.Detail, rpc.StatusCode),
        HttpRequestException or HttpIOException or SocketException or AuthenticationException or TimeoutException
                                                                             => new Passing(Cause(failure, wire)),
        IOException { InnerException: SocketException or HttpRequestException } => new Passing(Cause(failure, wire)),
        // Nobody here cancelled (callers ask that first): a connection that could not be made in time, or was replaced under the call.
        OperationCanceledException or ObjectDisposedException                => new Passing(wire?.CertificateObjection ?? "The connection could not be made in time, or was made anew."),
        _                                                                    => null,
    };

    private static string Cause(Exception failure, Wire? wire)
    {
        if (wire?.CertificateObjection is { } objection) return objection;
        var inner = failure is RpcException rpc ? rpc.Status.DebugException ?? failure : failure;
        while (inner.InnerException is { } deeper) inner = deeper;
        return inner switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "Nobody listens at the coordinator's address. It may be restarting.",
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } => "The coordinator's host name is not known here. Check the url in site.json and the network's DNS.",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } tunnel =>
                $"The proxy did not open a way to the coordinator ({tunnel.Message}). Ask for CONNECT to this host and port to be allowed, or set 'proxy' in site.json.",
            RpcException status => status.Status.Detail,
            _ => inner.Message,
        };
    }
}
