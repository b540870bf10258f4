using DeepSeek.Federated.Data.Images;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>MNIST, from a folder with its four IDX files, divided among sites so that each has mostly its own digits.</summary>
internal static class RealDigits
{
    /// <summary>Writes four files for each site named. Every image goes to one site; the same seed divides alike.</summary>
    /// <exception cref="SandboxFault">A file is missing or not what it must be.</exception>
    public static IReadOnlyList<SiteTable> Write(string folder, string data, IReadOnlyList<string> sites, long seed)
    {
        Directory.CreateDirectory(folder);
        var (train, test) = (Divide(Set(data, "train"), sites.Count, seed, "train"), Divide(Set(data, "t10k"), sites.Count, seed, "test"));
        return [.. sites.Select((site, i) => new SiteTable.Images(site, train[i].Write(folder, $"{site}-train"), test[i].Write(folder, $"{site}-test")))];
    }

    private static List<IdxSet> Divide(IdxSet all, int sites, long seed, string set)
    {
        using var dice = new Dice(seed, set, "real-digits");
        var shares = Enumerable.Range(0, DigitMix.Digits).Select(digit => DigitMix.OfDigit(digit, sites)).ToList();
        var rows = Enumerable.Range(0, sites).Select(_ => new List<int>()).ToList();
        for (var i = 0; i < all.Labels.Length; i++) rows[dice.Pick(shares[all.Labels[i] % DigitMix.Digits])].Add(i);
        return [.. rows.Select(all.Take)];
    }

    private static IdxSet Set(string data, string set) => IdxSet.Read(new IdxPair(Need(data, $"{set}-images-idx3-ubyte"), Need(data, $"{set}-labels-idx1-ubyte")));

    private static string Need(string data, string name) =>
        new[] { name, $"{name}.gz" }.Select(n => Path.Combine(data, n)).FirstOrDefault(File.Exists)
        ?? throw new SandboxFault($"'{Path.Combine(data, name)}' is missing, with or without .gz. For digits --data takes a folder with MNIST's four IDX files; without it synthetic images are used.");
}
