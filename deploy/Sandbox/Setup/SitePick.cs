using System.Globalization;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Sandbox.Data;

namespace DeepSeek.Federated.Sandbox.Setup;

/// <summary>Which sites take part.</summary>
internal static class SitePick
{
    private const int Fewest = 2;

    /// <summary>The names that `--sites` means.</summary>
    /// <exception cref="SandboxFault">Too few, too many, unknown or twice.</exception>
    public static IReadOnlyList<string> Names(Population population, string? sites, bool synthetic)
    {
        var known = population.Known(synthetic);
        if (sites is null) return [.. known.Take(Population.UsualSites)];
        if (int.TryParse(sites, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return count >= Fewest && count <= known.Count
                ? [.. known.Take(count)]
                : throw new SandboxFault($"--sites takes {Fewest} to {known.Count} {(synthetic ? "synthetic" : "real")} sites, not {count}.");
        var names = sites.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.FirstOrDefault(n => !Slug.Is(n) || !known.Contains(n)) is { } unknown)
            throw new SandboxFault($"There is no site '{unknown}'; known here: {string.Join(", ", known.Take(Population.UsualSites))}.");
        return names.Distinct().Count() == names.Length && names.Length >= Fewest ? names : throw new SandboxFault($"--sites takes at least {Fewest} names, each once.");
    }
}
