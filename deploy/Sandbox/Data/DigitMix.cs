namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>How often each digit occurs at each of some sites: every site has all ten and mostly its own few.</summary>
internal static class DigitMix
{
    public const int Digits = 10;
    private const double Preference = 8;
    private static readonly string[] Names = ["alder", "birch", "cedar", "elm"];

    /// <summary>The names of so many sites; beyond four the same come again under other names.</summary>
    public static IReadOnlyList<string> Sites(int count) => [.. Enumerable.Range(0, count).Select(i => i < Names.Length ? Names[i] : $"{Names[i % Names.Length]}-{i / Names.Length + 1}")];

    /// <summary>Shares of the ten digits at a site; they sum to 1.</summary>
    public static IReadOnlyList<double> OfSite(int site, int sites) => Shares(Enumerable.Range(0, Digits).Select(digit => Weight(site, digit, sites)));

    /// <summary>Shares of the sites in a digit; they sum to 1.</summary>
    public static IReadOnlyList<double> OfDigit(int digit, int sites) => Shares(Enumerable.Range(0, sites).Select(site => Weight(site, digit, sites)));

    private static double Weight(int site, int digit, int sites) => digit % Math.Min(sites, Digits) == site % Digits ? Preference : 1;

    private static double[] Shares(IEnumerable<double> weights)
    {
        var all = weights.ToArray();
        return [.. all.Select(w => w / all.Sum())];
    }
}
