using System.Globalization;
using DeepSeek.Federated.Agent.Store;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>Finds the bytes that an entry of the egress ledger speaks of: kept beside it, or part of an update's file.</summary>
public static class EgressBodies
{
    /// <summary>The bytes; null when they are not kept (any more).</summary>
    public static byte[]? Read(SiteDirectory directory, EgressEntry entry)
    {
        if (entry.Kept is not { } kept) return null;
        if (kept.StartsWith(EgressEntry.Inline, StringComparison.Ordinal)) return Convert.FromBase64String(kept[EgressEntry.Inline.Length..]);
        var parts = kept.Split('@');
        if (parts.Length == 1) return File.Exists(Inside(directory, kept)) ? File.ReadAllBytes(Inside(directory, kept)) : null;
        var offset = long.Parse(parts[1], CultureInfo.InvariantCulture);
        string[] places = entry is { Study: { } study, Round: { } round }
            ? [Inside(directory, parts[0]), Path.Combine(directory.Study(study), "rounds", round.ToString(CultureInfo.InvariantCulture), "update.bin")]
            : [Inside(directory, parts[0])];
        if (places.FirstOrDefault(File.Exists) is not { } path) return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (offset + entry.Bytes > file.Length) return null;
        file.Position = offset;
        var bytes = new byte[entry.Bytes];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string Inside(SiteDirectory directory, string name) => Path.Combine(directory.Egress, name);
}
