using DeepSeek.Federated.Protocol;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Every request of an agent says which version of the wire it speaks.</summary>
internal static class WireVersion
{
    private static readonly string Spoken = ProtocolVersion.Oldest == ProtocolVersion.Current
        ? $"version {ProtocolVersion.Current}"
        : $"versions {ProtocolVersion.Oldest} to {ProtocolVersion.Current}";

    public static void Require(int version)
    {
        if (version < ProtocolVersion.Oldest)
            throw Refused($"The agent is too old: this coordinator speaks {Spoken} of the protocol, the agent {version}. Update the agent.");
        if (version > ProtocolVersion.Current)
            throw Refused($"The agent is too new: this coordinator speaks {Spoken} of the protocol, the agent {version}. Update the coordinator, or use an older agent.");
    }

    public static int Negotiate(IReadOnlyCollection<int> theirs) =>
        ProtocolVersion.Negotiate(theirs) ?? throw Refused(
            theirs.Any(v => v > ProtocolVersion.Current)
                ? $"The agent is too new: this coordinator speaks {Spoken} of the protocol. Update the coordinator, or use an older agent."
                : $"The agent is too old: this coordinator speaks {Spoken} of the protocol. Update the agent.");

    private static RpcException Refused(string why) => new(new Status(StatusCode.FailedPrecondition, why));
}
