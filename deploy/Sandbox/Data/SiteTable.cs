namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>One site's table on disk.</summary>
/// <param name="Site">The site's name in the federation.</param>
/// <param name="Path">CSV with a header.</param>
internal sealed record SiteTable(string Site, string Path);
