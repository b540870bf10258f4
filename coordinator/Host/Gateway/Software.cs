namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>What this program calls itself, for people.</summary>
internal static class Software
{
    public static string Name { get; } = $"DeepSeek.Federated coordinator {typeof(Software).Assembly.GetName().Version?.ToString(3)}";
}
