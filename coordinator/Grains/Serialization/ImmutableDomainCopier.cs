using Orleans.Serialization.Cloning;

namespace DeepSeek.Federated.Grains.Serialization;

/// <summary>Inside one silo the domain's records are handed over as they are: they are immutable, so a copy would only cost.</summary>
internal sealed class ImmutableDomainCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) => DomainForm.Covers(type);

    public object? DeepCopy(object? input, CopyContext context) => input;
}
