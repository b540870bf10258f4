using DeepSeek.Federated.Protocol.V1;

namespace DeepSeek.Federated.Cli.Studies;

/// <summary>What tables and lines say of one round.</summary>
internal static class RoundCells
{
    private const int BarWidth = 20;

    /// <summary>Whole seconds and tenths from opening to end; 0 while it runs.</summary>
    public static double Seconds(RoundStatus round) => round.EndedUnixMs == 0 ? 0 : (round.EndedUnixMs - round.OpenedUnixMs) / 1000.0;

    /// <summary>Who was left out, by name.</summary>
    public static string Left(RoundStatus round)
    {
        var left = new[] { ("dropped", (IEnumerable<string>)round.Dropped), ("late", round.Late), ("refused", round.Refused.Select(r => $"{r.Site} ({r.Reason})")) };
        return string.Concat(left.Where(l => l.Item2.Any()).Select(l => $"; {l.Item1}: {string.Join(", ", l.Item2)}"));
    }

    /// <summary>How many of the invited have reported, as a bar.</summary>
    public static string Bar(RoundStatus round, bool unicode)
    {
        var filled = round.Invited.Count == 0 ? 0 : BarWidth * Math.Max(round.Reported.Count, round.Used.Count) / round.Invited.Count;
        return new string(unicode ? '█' : '#', filled) + new string(unicode ? '░' : '.', BarWidth - filled);
    }

    /// <summary>What one site is doing in a round.</summary>
    public static string StateOf(RoundStatus round, string site)
    {
        if (round.Used.Contains(site)) return "used";
        if (round.Refused.FirstOrDefault(r => r.Site == site) is { } refused) return $"refused: {refused.Reason}";
        if (round.Late.Contains(site)) return "late";
        if (round.Dropped.Contains(site)) return "dropped";
        if (round.Reported.Contains(site)) return "reported";
        if (round.Consented.Contains(site)) return "working";
        return round.Invited.Contains(site) ? "invited" : "";
    }
}
