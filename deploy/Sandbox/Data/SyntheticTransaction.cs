namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>A payment that nobody made.</summary>
/// <param name="Scenario">0: honest. 1: an amount that no honest customer pays. 2: at a compromised terminal. 3: with a stolen card, five times the amount.</param>
internal sealed record SyntheticTransaction(int Id, long Seconds, int Customer, int Terminal, long Cents, int Scenario);
