namespace DeepSeek.Federated.Sandbox;

/// <summary>Something that ends the sandbox, in a sentence for people: the cause and the mend.</summary>
internal sealed class SandboxFault(string message) : Exception(message);
