using System.Globalization;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Sandbox.Data;

namespace DeepSeek.Federated.Sandbox.Setup;

/// <summary>Which hospitals take part, and their tables.</summary>
internal static class SitePick
{
    private const int Fewest = 2, Most = 16;

    /// <summary>The names that `--sites` means.</summary>
    /// <exception cref="SandboxFault">Too few, too many, unknown or twice.</exception>
    public static IReadOnlyList<string> Names(string? sites, bool synthetic)
    {
        IReadOnlyList<string> known = synthetic ? [.. HospitalProfile.First(Most).Select(h => h.Name)] : RealHeart.Sites;
        if (sites is null) return [.. known.Take(HospitalProfile.All.Count)];
        if (int.TryParse(sites, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return count >= Fewest && count <= known.Count
                ? [.. known.Take(count)]
                : throw new SandboxFault($"--sites takes {Fewest} to {known.Count} {(synthetic ? "synthetic" : "real")} sites, not {count}.");
        var names = sites.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.FirstOrDefault(n => !Slug.Is(n) || !known.Contains(n)) is { } unknown)
            throw new SandboxFault($"There is no site '{unknown}'; known here: {string.Join(", ", known.Take(HospitalProfile.All.Count))}.");
        return names.Distinct().Count() == names.Length && names.Length >= Fewest ? names : throw new SandboxFault($"--sites takes at least {Fewest} names, each once.");
    }

    /// <summary>Writes the tables.</summary>
    public static IReadOnlyList<SiteTable> Write(string folder, string? data, IReadOnlyList<string> names, long seed) => data is null
        ? SyntheticHeart.Write(folder, HospitalProfile.First(Most).Where(h => names.Contains(h.Name)), seed)
        : RealHeart.Write(folder, data, names);
}
