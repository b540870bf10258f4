namespace DeepSeek.Federated.Grains.Journals;

/// <summary>The ledger did not take a fact: nothing happened, and the grain reads itself anew. Ask again; the same request is safe to repeat.</summary>
/// <param name="message">Cause and mend, as the ledger gave them.</param>
[GenerateSerializer]
public sealed class FactNotWrittenException(string message) : Exception(message);
