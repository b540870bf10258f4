namespace DeepSeek.Federated.Agent.Store;

/// <summary>Something at this site must be mended by a person before the agent can go on. The message names the cause and the mend.</summary>
public sealed class SiteFaultException : Exception
{
    public SiteFaultException(string message) : base(message) { }

    public SiteFaultException(string message, Exception cause) : base(message, cause) { }
}
