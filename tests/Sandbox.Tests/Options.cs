namespace DeepSeek.Federated.Sandbox.Tests;

/// <summary>Command lines for tests.</summary>
internal static class Options
{
    public static SandboxOptions Default { get; } = new("heart-disease", null, null, null, null, null, false, null);
}
