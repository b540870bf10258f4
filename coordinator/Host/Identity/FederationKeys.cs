using DeepSeek.Federated.Signing.Keys;

namespace DeepSeek.Federated.Coordinator.Identity;

/// <summary>The federation's public keys, as everybody may know them.</summary>
/// <param name="Ledger">Signs the checkpoints.</param>
internal sealed record FederationKeys(PublicKey Ledger);
