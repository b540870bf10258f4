using DeepSeek.Federated.Data.Images;
using DeepSeek.Federated.Sandbox.Data;

namespace DeepSeek.Federated.Sandbox.Comparison;

/// <summary>All sites' rows in one place, one site after another: what only a sandbox can have.</summary>
internal static class SitePool
{
    private const string Name = "pooled-for-comparison";

    public static SiteTable Write(string folder, IReadOnlyList<SiteTable> tables) =>
        tables.All(t => t is SiteTable.Images) ? Images(folder, [.. tables.Cast<SiteTable.Images>()]) : Rows(folder, [.. tables.Cast<SiteTable.Csv>()]);

    private static SiteTable.Csv Rows(string folder, IReadOnlyList<SiteTable.Csv> tables)
    {
        var path = Path.Combine(folder, $"{Name}.csv");
        File.WriteAllLines(path, tables.SelectMany((t, i) => File.ReadLines(t.Path).Skip(i == 0 ? 0 : 1)));
        return new(Name, path);
    }

    private static SiteTable.Images Images(string folder, IReadOnlyList<SiteTable.Images> tables)
    {
        IdxPair Pool(Func<SiteTable.Images, IdxPair> set, string name) => IdxSet.Concat([.. tables.Select(t => IdxSet.Read(set(t)))]).Write(folder, $"{Name}-{name}");
        return new(Name, Pool(t => t.Train, "train"), Pool(t => t.Test, "test"));
    }
}
