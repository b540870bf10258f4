namespace DeepSeek.Federated.Learning.Native;

/// <summary>libtorch cannot be used on this machine as it is installed. The message names the cause and the mend.</summary>
public sealed class TorchUnavailableException : Exception
{
    /// <summary>With cause and mend.</summary>
    public TorchUnavailableException(string message) : base(message) { }

    /// <summary>With cause, mend and what the system said.</summary>
    public TorchUnavailableException(string message, Exception inner) : base(message, inner) { }
}
