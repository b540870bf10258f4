using System.Globalization;
using System.Text;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>The four hospitals of the UCI collection, with the split of FLamby, from a folder with <c>raw/processed.SITE.data</c> and <c>flamby_prepared.csv</c>.</summary>
internal static class RealHeart
{
    public static readonly IReadOnlyList<string> Sites = ["cleveland", "hungarian", "switzerland", "va"];

    /// <summary>Writes one file with a header for each site named.</summary>
    /// <exception cref="SandboxFault">A file is missing or not what it must be.</exception>
    public static IReadOnlyList<SiteTable.Csv> Write(string folder, string data, IReadOnlyList<string> sites)
    {
        Directory.CreateDirectory(folder);
        var split = Split(Need(data, "flamby_prepared.csv"));
        return [.. sites.Select(site =>
        {
            var raw = Need(data, "raw", $"processed.{site}.data");
            var path = Path.Combine(folder, $"{site}.csv");
            File.WriteAllText(path, Table(raw, site, split));
            return new SiteTable.Csv(site, path);
        })];
    }

    private static string Table(string raw, string site, Dictionary<(string, int), string> split)
    {
        var csv = new StringBuilder(HeartColumns.Header).Append('\n');
        var (line, known) = (0, 0);
        foreach (var text in File.ReadLines(raw))
        {
            line++;
            if (text.Trim().Length == 0) continue;
            if (text.Split(',').Length != HeartColumns.Raw.Count) throw new SandboxFault($"'{raw}' has not {HeartColumns.Raw.Count} columns in line {line}.");
            // A line that the prepared file does not know has a missing value: the contract drops it, whichever set it is said to be in.
            if (split.TryGetValue((site, line), out var set)) known++;
            csv.Append(text.Trim()).Append(',').Append(set ?? "train").Append('\n');
        }
        return known > 0 ? csv.ToString() : throw new SandboxFault($"flamby_prepared.csv names no line of '{site}'.");
    }

    private static Dictionary<(string Site, int Line), string> Split(string prepared)
    {
        using var reader = new StreamReader(prepared);
        var header = (reader.ReadLine() ?? "").Split(',').ToList();
        var (site, line, set) = (header.IndexOf("center_name"), header.IndexOf("file_line"), header.IndexOf("set"));
        if (site < 0 || line < 0 || set < 0) throw new SandboxFault($"'{prepared}' lacks one of the columns center_name, file_line and set.");
        var split = new Dictionary<(string, int), string>();
        for (var number = 2; reader.ReadLine() is { Length: > 0 } row; number++)
        {
            var cells = row.Split(',');
            if (cells.Length != header.Count || !int.TryParse(cells[line], NumberStyles.None, CultureInfo.InvariantCulture, out var at))
                throw new SandboxFault($"'{prepared}' cannot be read in line {number}: it needs {header.Count} cells, and a whole number as file_line.");
            split[(cells[site], at)] = cells[set];
        }
        return split;
    }

    private static string Need(string data, params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([data, .. parts]);
        return File.Exists(path)
            ? path
            : throw new SandboxFault($"'{path}' is missing. --data takes a folder with raw/processed.SITE.data and flamby_prepared.csv; without it synthetic data are used.");
    }
}
