using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Connection;

/// <summary>What a command has while it runs.</summary>
internal sealed record Session(Shell Shell, CoordinatorLink Link)
{
    public Operators.OperatorsClient Operators => Link.Operators;
}
