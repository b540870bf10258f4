using DeepSeek.Federated.Agent.Egress;

namespace DeepSeek.Federated.Agent.Session;

/// <summary>Gives the connections of the moment: they are made anew when the certificate is. A test puts its own in this place.</summary>
public interface IWireSource
{
    Wire Current { get; }
}
