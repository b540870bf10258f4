using System.Globalization;
using System.Text.Json;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>The pieces of one round's update as they left a site, in order: what its egress ledger says.</summary>
internal sealed record SentPieces(IReadOnlyList<(long Offset, long Bytes)> Pieces)
{
    public static SentPieces Of(Federation federation, string site, int round) => new(
    [
        .. File.ReadLines(Path.Combine(federation.SiteFolder(site), "egress", "ledger.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("kind").GetString() == "blob-piece" && e.GetProperty("round").GetInt32() == round)
            .Select(e => (long.Parse(e.GetProperty("kept").GetString()!.Split('@')[1], CultureInfo.InvariantCulture), e.GetProperty("bytes").GetInt64())),
    ]);

    /// <summary>How many pieces begin where an earlier one began: these bytes left twice.</summary>
    public int Repeated => Pieces.Count - Pieces.Select(p => p.Offset).Distinct().Count();

    /// <summary>Bytes of the whole, if every piece begins where or before the last one ended, and none before where the last one began.</summary>
    public long Reached()
    {
        var (begin, end) = (0L, 0L);
        foreach (var (offset, bytes) in Pieces)
        {
            Assert.True(offset >= begin && offset <= end, $"a piece at {offset} after one from {begin} to {end}, of these: {string.Join(' ', Pieces.Select(p => p.Offset))}");
            (begin, end) = (offset, offset + bytes);
        }
        return end;
    }
}
