using System.Security.Authentication;
using Grpc.Core;

namespace DeepSeek.Federated.Cli.Connection;

/// <summary>What a failed call means to the person who typed the command.</summary>
internal static class LinkFailure
{
    /// <summary>Whether this is a failure of the connection or an answer of the coordinator, and not a fault of ours.</summary>
    public static bool Knows(Exception failure) => failure is RpcException or HttpRequestException;

    /// <summary>The exit code and the sentence.</summary>
    public static (int Code, string Sentence) Explain(Exception failure, Uri url)
    {
        if (Find<AuthenticationException>(failure) is { } untrusted)
            return (ExitCodes.Unreachable,
                $"The connection to {url} is not one to this federation: {untrusted.Message} Either the profile belongs to another federation, or a proxy "
                + "opens TLS on the way: let it pass this host unopened.");
        return failure switch
        {
            RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded } or HttpRequestException =>
                (ExitCodes.Unreachable, $"The coordinator at {url} does not answer: {Cause(failure)}. Is `coordinator serve` running there, and does no firewall stand between?"),
            RpcException { StatusCode: StatusCode.InvalidArgument } bad => (ExitCodes.WrongUsage, bad.Status.Detail),
            RpcException { StatusCode: StatusCode.Internal or StatusCode.Unknown } broken =>
                (ExitCodes.Refused, $"The coordinator could not do it: {broken.Status.Detail} Its log tells more."),
            RpcException { StatusCode: StatusCode.Unauthenticated } unknown =>
                (ExitCodes.Refused, $"{unknown.Status.Detail} The profile's certificate is not, or no longer, that of an operator: ask an admin for `dsfed operator admit`."),
            RpcException answer => (ExitCodes.Refused, answer.Status.Detail),
            _ => throw new ArgumentException("Not a failure of the connection.", nameof(failure)),
        };
    }

    private static string Cause(Exception failure) =>
        (Find<System.Net.Sockets.SocketException>(failure)?.Message ?? (failure as RpcException)?.Status.Detail ?? failure.Message).TrimEnd('.');

    private static T? Find<T>(Exception? failure) where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException ?? (failure as RpcException)?.Status.DebugException)
        {
            if (failure is T found) return found;
        }
        return null;
    }
}
