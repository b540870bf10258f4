namespace DeepSeek.Federated.Agent.Egress;

/// <summary>The gate let nothing out. The message says why and what would mend it.</summary>
/// <param name="message">Cause and mend.</param>
/// <param name="passing">Whether the disk and not a rule said no: then the same thing may leave later.</param>
public sealed class EgressRefusedException(string message, bool passing = false) : Exception(message)
{
    public bool Passing { get; } = passing;

    /// <summary>Finds the gate's refusal inside what a transport made of it.</summary>
    public static EgressRefusedException? In(Exception? failure) => failure switch
    {
        null                          => null,
        EgressRefusedException refused => refused,
        Grpc.Core.RpcException rpc    => In(rpc.Status.DebugException) ?? In(rpc.InnerException),
        _                             => In(failure.InnerException),
    };
}
