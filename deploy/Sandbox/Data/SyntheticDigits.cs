namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>Synthetic images of digits, labelled as such from the first byte of their files' names; every site has mostly its own digits. Nobody's handwriting.</summary>
internal static class SyntheticDigits
{
    private static readonly int[] TrainImages = [1200, 900, 600, 400];

    /// <summary>Writes four files for each site named.</summary>
    public static IReadOnlyList<SiteTable> Write(string folder, IReadOnlyList<string> sites, long seed)
    {
        Directory.CreateDirectory(folder);
        return [.. sites.Select((site, i) =>
        {
            var (train, test) = (Make(i, sites.Count, test: false, seed), Make(i, sites.Count, test: true, seed));
            return new SiteTable.Images(site, train.Write(folder, $"synthetic-{site}-train"), test.Write(folder, $"synthetic-{site}-test"));
        })];
    }

    /// <summary>The images of one site: a third as many to test on as to train on, in the same mix.</summary>
    public static IdxSet Make(int site, int sites, bool test, long seed)
    {
        using var dice = new Dice(seed, $"{site}/{(test ? "test" : "train")}", "synthetic-digits");
        var (count, mix) = (TrainImages[site % TrainImages.Length] / (test ? 3 : 1), DigitMix.OfSite(site, sites));
        var (images, labels) = (new byte[count * IdxSet.Pixels], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)dice.Pick(mix);
            SyntheticDigit.Draw(labels[i], dice, images.AsSpan(i * IdxSet.Pixels, IdxSet.Pixels));
        }
        return new(images, labels);
    }
}
